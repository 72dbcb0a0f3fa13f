package code

// CachePort is the port that a cache engine listens on when code names none.
// https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateCacheCluster.html
func CachePort(engine Value) Value {
	if name, ok := engine.Known(); ok && name == "memcached" {
		return Num("11211", nil)
	}
	if h := engine.Hole(); h != nil {
		return Unsure(h, engine.at)
	}
	return Num("6379", nil)
}
