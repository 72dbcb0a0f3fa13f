package functions

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// documented are the functions that the documentation of Terraform and of
// OpenTofu lists, old ones included.
const documented = `
abs ceil floor log max min parseint pow signum
chomp endswith format formatlist indent join lower regex regexall replace split startswith strcontains strrev substr
templatestring title trim trimprefix trimspace trimsuffix upper
alltrue anytrue chunklist coalesce coalescelist compact concat contains distinct element flatten index keys length list
lookup map matchkeys merge one range reverse setintersection setproduct setsubtract setunion slice sort sum transpose values zipmap
base64decode base64encode base64gunzip base64gzip csvdecode jsondecode jsonencode textdecodebase64 textencodebase64
urldecode urlencode yamldecode yamlencode
abspath basename dirname file filebase64 fileexists fileset pathexpand templatefile
formatdate plantimestamp timeadd timecmp timestamp
base64sha256 base64sha512 bcrypt filebase64sha256 filebase64sha512 filemd5 filesha1 filesha256 filesha512 md5 rsadecrypt
sha1 sha256 sha512 uuid uuidv5
cidrcontains cidrhost cidrnetmask cidrsubnet cidrsubnets
can convert ephemeralasnull issensitive nonsensitive sensitive tobool tolist tomap tonumber toset tostring try type
assumeequal assumenotnull assumestringprefix assumelistlength assumelistlengthmin assumelistlengthmax
assumesetlength assumesetlengthmin assumesetlengthmax assumemaplength assumemaplengthmin assumemaplengthmax`

func TestEveryDocumentedFunctionIsThere(t *testing.T) {
	table := Table(fstest.MapFS{}, ".")
	var want []string
	for _, name := range strings.Fields(documented) {
		want = append(want, name, "core::"+name)
	}
	slices.Sort(want)
	if got := slices.Sorted(maps.Keys(table)); !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

// Every value here is what the function's page says, as JSON. A result that
// is not known reads "unknown", one that is an error "error".
func examples() [][2]string {
	return [][2]string{
		{`abs(23)`, `23`}, {`abs(0)`, `0`}, {`abs(-12.4)`, `12.4`},
		{`ceil(5)`, `5`}, {`ceil(5.1)`, `6`},
		{`floor(5)`, `5`}, {`floor(4.9)`, `4`},
		{`log(50, 10)`, `1.6989700043360185`}, {`log(16, 2)`, `4`}, {`ceil(log(15, 2))`, `4`}, {`ceil(log(17, 2))`, `5`},
		{`max(12, 54, 3)`, `54`}, {`max([12, 54, 3]...)`, `54`},
		{`min(12, 54, 3)`, `3`}, {`min([12, 54, 3]...)`, `3`},
		{`parseint("100", 10)`, `100`}, {`parseint("FF", 16)`, `255`}, {`parseint("-10", 16)`, `-16`},
		{`parseint("1011111011101111", 2)`, `48879`}, {`parseint("aA", 62)`, `656`}, {`parseint("12", 2)`, `error`},
		{`pow(3, 2)`, `9`}, {`pow(4, 0)`, `1`},
		{`signum(-13)`, `-1`}, {`signum(0)`, `0`}, {`signum(344)`, `1`},

		{`chomp("hello\n")`, `"hello"`}, {`chomp("hello\r\n")`, `"hello"`}, {`chomp("hello\n\n")`, `"hello"`},
		{`endswith("hello world", "world")`, `true`}, {`endswith("hello world", "hello")`, `false`},
		{`format("Hello, %s!", "Ander")`, `"Hello, Ander!"`}, {`format("There are %d lights", 4)`, `"There are 4 lights"`},
		{`format("%#v", ["a", 1, true])`, `"[\"a\",1,true]"`}, {`format("%05.1f|%-5s|%q|%x", 3.14159, "ab", "q", 255)`, `"003.1|ab   |\"q\"|ff"`},
		{`format("%[2]s %[1]s", "a", "b")`, `"b a"`}, {`format("%t%%", true)`, `"true%"`},
		{`formatlist("Hello, %s!", ["Valentina", "Ander", "Olivia", "Sam"])`, `["Hello, Valentina!","Hello, Ander!","Hello, Olivia!","Hello, Sam!"]`},
		{`formatlist("%s, %s!", "Salutations", ["Valentina", "Ander"])`, `["Salutations, Valentina!","Salutations, Ander!"]`},
		{`"  items: ${indent(2, "[\n  foo,\n  bar,\n]\n")}"`, `"  items: [\n    foo,\n    bar,\n  ]\n  "`},
		{`join("-", ["foo", "bar", "baz"])`, `"foo-bar-baz"`}, {`join(", ", ["foo"])`, `"foo"`},
		{`lower("HELLO")`, `"hello"`}, {`lower("АЛЛО!")`, `"алло!"`},
		{`regex("[a-z]+", "53453453.345345aaabbbccc23454")`, `"aaabbbccc"`},
		{`regex("(\\d\\d\\d\\d)-(\\d\\d)-(\\d\\d)", "2019-02-01")`, `["2019","02","01"]`},
		{`regex("^(?:(?P<scheme>[^:/?#]+):)?(?://(?P<authority>[^/?#]*))?", "https://terraform.io/docs/")`, `{"authority":"terraform.io","scheme":"https"}`},
		{`regex("[a-z]+", "53453453.34534523454")`, `error`},
		{`regexall("[a-z]+", "1234abcd5678efgh9")`, `["abcd","efgh"]`}, {`length(regexall("[a-z]+", "123456789"))`, `0`},
		{`replace("1 + 2 + 3", "+", "-")`, `"1 - 2 - 3"`}, {`replace("hello world", "/w.*d/", "everybody")`, `"hello everybody"`},
		{`replace("ab", "/(a)(b)/", "$2$1")`, `"ba"`}, {`replace("a/b", "/", "-")`, `"a-b"`},
		{`split(",", "foo,bar,baz")`, `["foo","bar","baz"]`}, {`split(",", "foo")`, `["foo"]`}, {`split(",", "")`, `[""]`},
		{`startswith("hello world", "hello")`, `true`}, {`startswith("hello world", "world")`, `false`},
		{`strcontains("hello world", "wor")`, `true`}, {`strcontains("hello world", "wod")`, `false`},
		{`strrev("hello")`, `"olleh"`}, {`strrev("a ☃")`, `"☃ a"`},
		{`substr("hello world", 1, 4)`, `"ello"`}, {`substr("🤔🤷", 0, 1)`, `"🤔"`}, {`substr("hello world", -5, -1)`, `"world"`}, {`substr("hello world", 6, 10)`, `"world"`},
		{`templatestring("Hello, $${name}", { name = "Sam" })`, `"Hello, Sam"`},
		{`templatestring("%%{ for a in list ~}$${a};%%{ endfor ~}", { list = ["a", "b"] })`, `"a;b;"`},
		{`templatestring("$${nothing}", {})`, `error`},
		{`title("hello world")`, `"Hello World"`},
		{`trim("?!hello?!", "!?")`, `"hello"`}, {`trim("foobar", "far")`, `"oob"`}, {`trim("   hello! world.!  ", "! ")`, `"hello! world."`},
		{`trimprefix("helloworld", "hello")`, `"world"`}, {`trimprefix("helloworld", "cat")`, `"helloworld"`},
		{`trimsuffix("helloworld", "world")`, `"hello"`}, {`trimspace("  hello\n\n")`, `"hello"`}, {`upper("hello")`, `"HELLO"`},

		{`alltrue(["true", true])`, `true`}, {`alltrue([true, false])`, `false`}, {`alltrue([])`, `true`},
		{`anytrue(["true"])`, `true`}, {`anytrue([true, false])`, `true`}, {`anytrue([])`, `false`},
		{`chunklist(["a", "b", "c", "d", "e"], 2)`, `[["a","b"],["c","d"],["e"]]`}, {`chunklist(["a", "b", "c"], 1)`, `[["a"],["b"],["c"]]`},
		{`coalesce("a", "b")`, `"a"`}, {`coalesce("", "b")`, `"b"`}, {`coalesce(1, 2)`, `1`}, {`coalesce(["", "b"]...)`, `"b"`},
		{`coalesce(1, "hello")`, `"1"`}, {`coalesce(true, "hello")`, `"true"`}, {`coalesce({}, "hello")`, `error`}, {`coalesce(null, "")`, `error`},
		{`coalescelist(["a", "b"], ["c", "d"])`, `["a","b"]`}, {`coalescelist([], ["c", "d"])`, `["c","d"]`}, {`coalescelist([[], ["c", "d"]]...)`, `["c","d"]`},
		{`compact(["a", "", "b", null, "c"])`, `["a","b","c"]`},
		{`concat(["a", ""], ["b", "c"])`, `["a","","b","c"]`},
		{`contains(["a", "b", "c"], "a")`, `true`}, {`contains(["a", "b", "c"], "d")`, `false`},
		{`distinct(["a", "b", "a", "c", "d", "b"])`, `["a","b","c","d"]`}, {`distinct([])`, `[]`},
		{`element(["a", "b", "c"], 1)`, `"b"`}, {`element(["a", "b", "c"], 3)`, `"a"`}, {`element(["a", "b", "c"], -1)`, `"c"`}, {`element([], 0)`, `error`},
		{`flatten([["a", "b"], [], ["c"]])`, `["a","b","c"]`}, {`flatten([[["a", "b"], []], ["c"]])`, `["a","b","c"]`},
		{`index(["a", "b", "c"], "b")`, `1`}, {`index(["a"], "b")`, `error`},
		{`keys({a=1, c=2, d=3})`, `["a","c","d"]`},
		{`length([])`, `0`}, {`length(["a", "b"])`, `2`}, {`length({"a" = "b"})`, `1`}, {`length("hello")`, `5`}, {`length("👾🕹️")`, `2`},
		{`list("a", "b")`, `["a","b"]`}, {`map("a", 1, "b", 2)`, `{"a":1,"b":2}`},
		{`lookup({a="ay", b="bee"}, "a", "what?")`, `"ay"`}, {`lookup({a="ay", b="bee"}, "c", "what?")`, `"what?"`},
		{`lookup({a="ay"}, "a")`, `"ay"`}, {`lookup({a="ay"}, "b")`, `error`}, {`lookup(tomap({a="ay"}), "b", "bee")`, `"bee"`}, {`lookup(tomap({a=1}), "b", [])`, `error`},
		{`matchkeys(["i-123", "i-abc", "i-def"], ["us-west", "us-east", "us-east"], ["us-east"])`, `["i-abc","i-def"]`},
		{`merge({a="b", c="d"}, {e="f", c="z"})`, `{"a":"b","c":"z","e":"f"}`}, {`merge({a="b"}, {a=[1,2], c="z"}, {d=3})`, `{"a":[1,2],"c":"z","d":3}`},
		{`merge([{a="b", c="d"}, {}, {e="f", c="z"}]...)`, `{"a":"b","c":"z","e":"f"}`},
		{`one([])`, `null`}, {`one(["hello"])`, `"hello"`}, {`one(["hello", "goodbye"])`, `error`}, {`one(toset(["a"]))`, `"a"`},
		{`range(3)`, `[0,1,2]`}, {`range(1, 4)`, `[1,2,3]`}, {`range(1, 8, 2)`, `[1,3,5,7]`}, {`range(1, 4, 0.5)`, `[1,1.5,2,2.5,3,3.5]`},
		{`range(4, 1)`, `[4,3,2]`}, {`range(10, 5, -2)`, `[10,8,6]`}, {`range(2000)`, `error`},
		{`reverse([1, 2, 3])`, `[3,2,1]`},
		{`setintersection(["a", "b"], ["b", "c"], ["b", "d"])`, `["b"]`},
		{`setproduct(["development", "staging"], ["app1", "app2"])`, `[["development","app1"],["development","app2"],["staging","app1"],["staging","app2"]]`},
		{`setproduct(["staging"], ["a", 2])`, `[["staging","a"],["staging","2"]]`}, {`setproduct(toset(["b", "a"]), ["1"])`, `[["a","1"],["b","1"]]`}, {`setproduct([], ["a"])`, `[]`},
		{`setsubtract(["a", "b", "c"], ["a", "c"])`, `["b"]`}, {`setunion(["a", "b"], ["b", "c"], ["d"])`, `["a","b","c","d"]`},
		{`slice(["a", "b", "c", "d"], 1, 3)`, `["b","c"]`}, {`sort(["e", "d", "a", "x"])`, `["a","d","e","x"]`},
		{`sum([10, 13, 6, 4.5])`, `33.5`}, {`sum([])`, `error`}, {`sum(["a"])`, `error`},
		{`transpose({"a" = ["1", "2"], "b" = ["2", "3"]})`, `{"1":["a"],"2":["a","b"],"3":["b"]}`},
		{`values({a=3, c=2, d=1})`, `[3,2,1]`}, {`zipmap(["a", "b"], [1, 2])`, `{"a":1,"b":2}`},

		{`base64decode("SGVsbG8gV29ybGQ=")`, `"Hello World"`}, {`base64decode("/w==")`, `error`}, {`base64encode("Hello World")`, `"SGVsbG8gV29ybGQ="`},
		{`base64gunzip(base64gzip("Hello World"))`, `"Hello World"`}, {`base64gunzip("SGVsbG8=")`, `error`},
		{`csvdecode("a,b,c\n1,2,3\n4,5,6")`, `[{"a":"1","b":"2","c":"3"},{"a":"4","b":"5","c":"6"}]`},
		{`jsondecode("{\"hello\": \"world\"}")`, `{"hello":"world"}`}, {`jsondecode("true")`, `true`}, {`jsondecode("{")`, `error`},
		{`jsonencode({"hello"="world"})`, `"{\"hello\":\"world\"}"`}, {`jsonencode("<&>")`, `"\"\\u003c\\u0026\\u003e\""`}, {`jsonencode([1, null])`, `"[1,null]"`},
		{`textencodebase64("Hello World", "UTF-16LE")`, `"SABlAGwAbABvACAAVwBvAHIAbABkAA=="`},
		{`textdecodebase64("SABlAGwAbABvACAAVwBvAHIAbABkAA==", "UTF-16LE")`, `"Hello World"`}, {`textencodebase64("a", "nothing")`, `error`},
		{`urlencode("Hello World!")`, `"Hello+World%21"`}, {`urlencode("☃")`, `"%E2%98%83"`}, {`"http://example.com/search?q=${urlencode("terraform urlencode")}"`, `"http://example.com/search?q=terraform+urlencode"`},
		{`urldecode("Hello+World%21")`, `"Hello World!"`}, {`urldecode("%E2%98%83")`, `"☃"`},
		{`yamldecode("hello: world")`, `{"hello":"world"}`}, {`yamldecode("true")`, `true`}, {`yamldecode("{a: &foo [1, 2, 3], b: *foo}")`, `{"a":[1,2,3],"b":[1,2,3]}`},
		{`yamldecode("{a: &foo [1, *foo, 3]}")`, `error`}, {`yamldecode("{a: !not-supported foo}")`, `error`}, {`yamldecode("null")`, `null`},
		{`yamlencode({"a":"b", "c":"d"})`, `"\"a\": \"b\"\n\"c\": \"d\"\n"`}, {`yamlencode({"foo":[1, 2, 3], "bar": "baz"})`, `"\"bar\": \"baz\"\n\"foo\":\n- 1\n- 2\n- 3\n"`},
		{`yamlencode({"foo":[1, {"a":"b","c":"d"}, 3], "bar": "baz"})`, `"\"bar\": \"baz\"\n\"foo\":\n- 1\n- \"a\": \"b\"\n  \"c\": \"d\"\n- 3\n"`},

		{`basename("foo/bar/baz.txt")`, `"baz.txt"`}, {`dirname("foo/bar/baz.txt")`, `"foo/bar"`},
		{`abspath("modules/../x")`, `"x"`}, {`pathexpand("~/.ssh/id_rsa")`, `unknown`}, {`pathexpand("/etc/resolv.conf")`, `"/etc/resolv.conf"`},

		{`formatdate("DD MMM YYYY hh:mm ZZZ", "2018-01-02T23:12:01Z")`, `"02 Jan 2018 23:12 UTC"`}, {`formatdate("EEEE, DD-MMM-YY hh:mm:ss ZZZ", "2018-01-02T23:12:01Z")`, `"Tuesday, 02-Jan-18 23:12:01 UTC"`},
		{`formatdate("EEE, DD MMM YYYY hh:mm:ss ZZZ", "2018-01-02T23:12:01-08:00")`, `"Tue, 02 Jan 2018 23:12:01 -0800"`}, {`formatdate("MMM DD, YYYY", "2018-01-02T23:12:01Z")`, `"Jan 02, 2018"`},
		{`formatdate("HH:mmaa", "2018-01-02T23:12:01Z")`, `"11:12pm"`}, {`formatdate("h'h'mm", "2018-01-02T23:12:01Z")`, `"23h12"`},
		{`timeadd("2017-11-22T00:00:00Z", "10m")`, `"2017-11-22T00:10:00Z"`},
		{`timecmp("2017-11-22T00:00:00Z", "2017-11-22T00:00:00Z")`, `0`}, {`timecmp("2017-11-22T00:00:00Z", "2017-11-22T01:00:00Z")`, `-1`},
		{`timecmp("2017-11-22T01:00:00Z", "2017-11-22T00:00:00Z")`, `1`}, {`timecmp("2017-11-22T01:00:00Z", "2017-11-22T00:00:00-01:00")`, `0`}, {`timecmp("now", "now")`, `error`},
		{`timestamp()`, `unknown`}, {`plantimestamp()`, `unknown`}, {`uuid()`, `unknown`}, {`bcrypt("hello world")`, `unknown`}, {`bcrypt("hello world", 12)`, `unknown`},
		{`rsadecrypt("Y2lwaGVy", "key")`, `unknown`}, {`timestamp() == null`, `false`},

		{`base64sha256("hello world")`, `"uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek="`},
		{`base64sha512("hello world")`, `"MJ7MSJwS1utMxA9QyQLytNDtd+5RGnx6m808qG1M2G+YndNbxf9JlnDaNCVbRbDP2DDoH2Bdz33FVC6TrpzXbw=="`},
		{`md5("hello world")`, `"5eb63bbbe01eeed093cb22bb8f5acdc3"`}, {`sha1("hello world")`, `"2aae6c35c94fcfb415dbe95f408b9ce91ee846ed"`},
		{`sha256("hello world")`, `"b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9"`},
		{`sha512("hello world")`, `"309ecc489c12d6eb4cc40f50c902f2b4d0ed77ee511a7c7a9bcd3ca86d4cd86f989dd35bc5ff499670da34255b45b0cfd830e81f605dcf7dc5542e93ae9cd76f"`},
		{`uuidv5("dns", "www.terraform.io")`, `"a5008fae-b28c-5ba5-96cd-82b4c53552d6"`}, {`uuidv5("url", "https://www.terraform.io/")`, `"9db6f67c-dd95-5ea0-aa5b-e70e5c5f7cf5"`},
		{`uuidv5("oid", "1.3.6.1.4")`, `"af9d40a5-7a36-5c07-b23a-851cd99fbfa5"`}, {`uuidv5("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "www.terraform.io")`, `"a5008fae-b28c-5ba5-96cd-82b4c53552d6"`}, {`uuidv5("no", "x")`, `error`},

		{`cidrhost("10.12.112.0/20", 16)`, `"10.12.112.16"`}, {`cidrhost("10.12.112.0/20", 268)`, `"10.12.113.12"`}, {`cidrhost("fd00:fd12:3456:7890:00a2::/72", 34)`, `"fd00:fd12:3456:7890::22"`},
		{`cidrhost("10.1.2.240/28", -1)`, `"10.1.2.255"`}, {`cidrhost("10.1.2.240/28", 16)`, `error`}, {`cidrhost("2001:db8::/32", 18446744073709551616)`, `"2001:db8:0:1::"`},
		{`cidrnetmask("172.16.0.0/12")`, `"255.240.0.0"`}, {`cidrnetmask("fd00::/8")`, `error`},
		{`cidrsubnet("172.16.0.0/12", 4, 2)`, `"172.18.0.0/16"`}, {`cidrsubnet("10.1.2.0/24", 4, 15)`, `"10.1.2.240/28"`}, {`cidrsubnet("fd00:fd12:3456:7890::/56", 16, 162)`, `"fd00:fd12:3456:7800:a200::/72"`},
		{`cidrsubnet("10.1.2.0/24", 4, 16)`, `error`}, {`cidrsubnet("10.1.2.0/24", 9, 0)`, `error`}, {`cidrsubnet("10.0.0.0/8", 0, 0)`, `"10.0.0.0/8"`},
		{`cidrsubnets("10.1.0.0/16", 4, 4, 8, 4)`, `["10.1.0.0/20","10.1.16.0/20","10.1.32.0/24","10.1.48.0/20"]`}, {`cidrsubnets("fd00:fd12:3456:7890::/56", 16, 16, 16, 32)`, `["fd00:fd12:3456:7800::/72","fd00:fd12:3456:7800:100::/72","fd00:fd12:3456:7800:200::/72","fd00:fd12:3456:7800:300::/88"]`},
		{`cidrsubnets("10.0.0.0/24", 1, 1, 1)`, `error`},
		{`cidrcontains("192.168.2.0/20", "192.168.2.1")`, `true`}, {`cidrcontains("192.168.2.0/20", "192.168.2.0/22")`, `true`}, {`cidrcontains("192.168.2.0/20", "192.126.2.1")`, `false`},
		{`cidrcontains("192.168.2.0/20", "192.126.2.0/18")`, `false`}, {`cidrcontains("fe80::/48", "fe80::1")`, `true`}, {`cidrcontains("fe80::/48", "fe81::1")`, `false`}, {`cidrcontains("10.0.0.0/8", "::1")`, `error`},

		{`can("a".b)`, `false`}, {`can({a=1}.a)`, `true`},
		{`convert("true", bool)`, `true`}, {`convert({}, object({ name = optional(string, "OpenTofu") }))`, `{"name":"OpenTofu"}`}, {`convert("x", number)`, `error`},
		{`ephemeralasnull("a")`, `"a"`}, {`sensitive("a")`, `"a"`}, {`nonsensitive("a")`, `"a"`}, {`issensitive("a")`, `unknown`},
		{`tobool(true)`, `true`}, {`tobool("true")`, `true`}, {`tobool(null)`, `null`}, {`tobool("no")`, `error`}, {`tobool(1)`, `error`},
		{`tolist(["a", "b", 3])`, `["a","b","3"]`}, {`tomap({"a" = "foo", "b" = true})`, `{"a":"foo","b":"true"}`}, {`tomap({"a" = "foo", "b" = ["x"]})`, `error`},
		{`tonumber(1)`, `1`}, {`tonumber("1")`, `1`}, {`tonumber(null)`, `null`}, {`tonumber("no")`, `error`},
		{`toset(["c", "b", "b"])`, `["b","c"]`}, {`toset(["a", "b", 3])`, `["3","a","b"]`}, {`tostring("hello")`, `"hello"`}, {`tostring(1)`, `"1"`}, {`tostring(null)`, `null`}, {`tostring([])`, `error`},
		{`try({}.bar, "fallback")`, `"fallback"`}, {`try({bar="x"}.bar, "fallback")`, `"x"`}, {`try({}.a, {}.b)`, `error`}, {`try(tolist("a"), ["a"])`, `["a"]`},
		{`type("a")`, `"string"`}, {`type(["a", 1])`, `"tuple([string,number])"`}, {`type(toset(["a"]))`, `"set(string)"`}, {`type(distinct(["a"]))`, `"list(string)"`}, {`type(lookup({a=1}, "a"))`, `"number"`},

		{`assumeequal("5", 5)`, `5`}, {`assumeequal("6", 5)`, `error`}, {`assumenotnull("a")`, `"a"`}, {`assumenotnull(null)`, `error`}, {`assumenotnull(timestamp()) != null`, `true`},
		{`assumestringprefix("vpc-1", "vpc-")`, `"vpc-1"`}, {`assumestringprefix("subnet-1", "vpc-")`, `error`}, {`startswith(assumestringprefix(uuid(), "vpc-"), "vpc-")`, `true`}, {`startswith(assumestringprefix(uuid(), "vpc-"), "sg-")`, `false`},
		{`startswith(uuid(), "sg-")`, `unknown`},
		{`assumelistlength(["a"], 1, 2)`, `["a"]`}, {`assumelistlength([], 1, 2)`, `error`}, {`assumelistlengthmin(["a"], 1)`, `["a"]`}, {`assumelistlengthmax(["a"], 0)`, `error`},
		{`length(assumelistlengthmin(split(",", uuid()), 2)) != 0`, `true`}, {`length(assumelistlength(split(",", uuid()), 2, 2))`, `2`},
		{`assumesetlength(["a", "a"], 1, 1)`, `["a"]`}, {`assumesetlengthmin(["a"], 2)`, `error`}, {`assumesetlengthmax(["a"], 2)`, `["a"]`},
		{`assumemaplength({a=1}, 1, 1)`, `{"a":1}`}, {`assumemaplengthmin({a=1}, 2)`, `error`}, {`assumemaplengthmax({a=1}, 2)`, `{"a":1}`},
	}
}

func TestFunctionsAnswerAsDocumented(t *testing.T) {
	all := slices.Concat(examples(), fileExamples())
	for _, name := range strings.Fields(documented) {
		if !slices.ContainsFunc(all, func(e [2]string) bool { return strings.Contains(e[0], name+"(") }) {
			t.Errorf("%s has no example", name)
		}
	}
	for _, e := range examples() {
		if got := evaluate(t, fstest.MapFS{}, ".", e[0], nil); got != e[1] {
			t.Errorf("%s\n got %s\nwant %s", e[0], got, e[1])
		}
	}
	if got := evaluate(t, fstest.MapFS{}, ".", `core::max(1, core::min(5, 3))`, nil); got != `3` {
		t.Errorf("core::max: got %s", got)
	}
}

// evaluate gives a value as JSON, "unknown" or "error".
func evaluate(t *testing.T, files fstest.MapFS, base, src string, vars map[string]cty.Value) string {
	t.Helper()
	v, err := value(files, base, src, vars)
	switch {
	case err != nil:
		return "error"
	case !v.IsWhollyKnown():
		return "unknown"
	}
	v, _ = v.UnmarkDeep()
	raw, err := ctyjson.Marshal(v, v.Type())
	if err != nil {
		t.Fatalf("%s: %v", src, err)
	}
	return string(raw)
}

func value(files fstest.MapFS, base, src string, vars map[string]cty.Value) (cty.Value, error) {
	expr, diags := hclsyntax.ParseExpression([]byte(src), "test", hcl.InitialPos)
	if diags.HasErrors() {
		return cty.NilVal, diags
	}
	v, diags := expr.Value(&hcl.EvalContext{Functions: Table(files, base), Variables: vars})
	if diags.HasErrors() {
		return cty.NilVal, diags
	}
	return v, nil
}

// What is unknown in one place of a value leaves the answers that do not need
// it alone, and a result that is unknown says by its marks why.
func TestUnknownArguments(t *testing.T) {
	vars := map[string]cty.Value{
		"text":   cty.UnknownVal(cty.String).Mark("text"),
		"any":    cty.DynamicVal.Mark("any"),
		"texts":  cty.UnknownVal(cty.List(cty.String)).Mark("texts"),
		"tags":   cty.UnknownVal(cty.Map(cty.String)).Mark("tags"),
		"flag":   cty.UnknownVal(cty.Bool).Mark("flag"),
		"object": cty.ObjectVal(map[string]cty.Value{"known": cty.True, "open": cty.UnknownVal(cty.Bool).Mark("open")}),
		"no":     cty.False.Mark("no"),
	}
	for _, test := range []struct{ src, want, marks string }{
		{`lookup(object, "known", false)`, `true`, ``},
		{`lookup(object, "open", false)`, `unknown`, `open`},
		{`lookup(tags, "a", "b")`, `unknown`, `tags`},
		{`lookup(any, "a", "b")`, `unknown`, `any`},
		{`lookup({a = no}, "a")`, `false`, `no`},
		{`try(object, {}).known`, `true`, ``},
		{`try(object.open, false)`, `unknown`, `open`},
		{`try(object.missing, false)`, `false`, ``},
		{`try([for k, v in object: v], [])`, `unknown`, `open`},
		{`can(object.open)`, `unknown`, `open`},
		{`coalesce("a", text)`, `"a"`, ``},
		{`coalesce(text, "a")`, `unknown`, `text`},
		{`alltrue([flag, false])`, `false`, `flag`},
		{`alltrue([flag, true])`, `unknown`, `flag`},
		{`anytrue([flag, true])`, `true`, `flag`},
		{`anytrue([flag, false])`, `unknown`, `flag`},
		{`length([text, text])`, `2`, ``},
		{`length(texts)`, `unknown`, `texts`},
		{`element(texts, 0)`, `unknown`, `texts`},
		{`merge(tags, {a = "b"})`, `unknown`, `tags`},
		{`flatten([texts, ["a"]])`, `unknown`, `texts`},
		{`zipmap(texts, texts)`, `unknown`, `texts`},
		{`slice(texts, 0, 1)`, `unknown`, `texts`},
		{`values(tags)`, `unknown`, `tags`},
		{`concat(texts, ["a"])`, `unknown`, `texts`},
		{`jsonencode({a = text})`, `unknown`, `text`},
		{`jsondecode(text)`, `unknown`, `text`},
		{`yamldecode(text)`, `unknown`, `text`},
		{`format("%s-%s", text, "a")`, `unknown`, `text`},
		{`contains(["a", text], "a")`, `true`, `text`},
		{`one([text])`, `unknown`, `text`},
		{`sensitive(text)`, `unknown`, `text`},
		{`tostring(any)`, `unknown`, `any`},
		{`distinct([text])`, `unknown`, `text`},
		{`sum([1, any])`, `unknown`, `any`},
		{`templatestring("$${a}", {a = text, b = flag})`, `unknown`, `text`},
		{`templatestring("$${a}", {a = "x", b = flag})`, `"x"`, ``},
		{`flatten([[{id = text, key = "a"}], []])[0].key`, `"a"`, ``},
		{`flatten([[{id = text, key = "a"}], []])[0].id`, `unknown`, `text`},
		{`merge({a = "b"}, {c = text}).a`, `"b"`, ``},
		{`merge(object, {more = 1}).known`, `true`, ``},
		{`concat([text], ["a"])[1]`, `"a"`, ``},
		{`setproduct([{id = text}], ["a"])[0][1]`, `"a"`, ``},
		{`zipmap(["a", "b"], [text, "c"]).b`, `"c"`, ``},
		{`tomap({a = text, b = "c"}).b`, `"c"`, ``},
		{`tolist([text, "a"])[1]`, `"a"`, ``},
		{`toset(["a", text])`, `unknown`, `text`},
		{`tolist(any)`, `unknown`, `any`},
		{`tobool(text)`, `unknown`, `text`},
		{`keys(tomap({a = text}))`, `["a"]`, ``},
		{`element([text, "a"], 1)`, `"a"`, ``},
		{`reverse([text, "a"])[0]`, `"a"`, ``},
		{`lookup(merge({a = text}, {b = "c"}), "b", "")`, `"c"`, ``},
		{`coalescelist([text], ["a"])`, `unknown`, `text`},
		{`file(text)`, `unknown`, `text`},
		{`convert(any, string)`, `unknown`, `any`},
	} {
		if got := evaluate(t, fstest.MapFS{}, ".", test.src, vars); got != test.want {
			t.Errorf("%s: got %s, want %s", test.src, got, test.want)
		}
		v, err := value(fstest.MapFS{}, ".", test.src, vars)
		if err != nil {
			t.Fatal(err)
		}
		var marks []string
		for m := range marksOf([]cty.Value{v}) {
			marks = append(marks, m.(string))
		}
		if got := strings.Join(marks, " "); got != test.marks {
			t.Errorf("%s: marks %q, want %q", test.src, got, test.marks)
		}
	}
}
