package cwfilter

import (
	"strings"
	"testing"
)

const (
	trail   = `{ $.eventSource = "cloudtrail.amazonaws.com" && ($.eventName = CreateTrail || $.eventName = StopLogging) }`
	root    = `{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }`
	refused = `{ ($.errorCode = "*UnauthorizedOperation" || $.errorCode = "AccessDenied*") && $.sourceIPAddress != "delivery.logs.amazonaws.com" && $.eventName != "HeadBucket" }`
)

func TestCovers(t *testing.T) {
	for _, c := range []struct {
		name, pattern, wanted string
		covers                bool
	}{
		{"the same", trail, trail, true},
		{"other order, spacing, brackets and quoting", `{(($.eventName="StopLogging")||($.eventName=CreateTrail))&&($.eventSource=cloudtrail.amazonaws.com)}`, trail, true},
		{"over several lines", "{ ($.eventName = CreateTrail) ||\n\t($.eventName = StopLogging) }", trail, true},
		{"whatever the source", `{ ($.eventName = CreateTrail) || ($.eventName = StopLogging) }`, trail, true},
		{"one more event", `{ ($.eventName = CreateTrail) || ($.eventName = DeleteTrail) || ($.eventName = StopLogging) }`, trail, true},
		{"one event fewer", `{ ($.eventName = CreateTrail) || ($.eventName = DeleteTrail) }`, trail, false},
		{"narrowed to one user", `{ (($.eventName = CreateTrail) || ($.eventName = StopLogging)) && $.userIdentity.userName = "eve" }`, trail, false},
		{"another source", `{ $.eventSource = iam.amazonaws.com && ($.eventName = CreateTrail || $.eventName = StopLogging) }`, trail, false},
		{"the events the other way round", `{ $.eventName != CreateTrail && $.eventName != StopLogging }`, trail, false},
		{"an event left out that is not wanted", `{ $.eventSource = "cloudtrail.amazonaws.com" && $.eventName != LookupEvents }`, trail, true},
		{"an event left out that is wanted", `{ $.eventSource = "cloudtrail.amazonaws.com" && $.eventName != StopLogging }`, trail, false},
		{"another field of the same end", `{ ($.detail.eventName = CreateTrail) || ($.detail.eventName = StopLogging) }`, trail, false},
		{"other case", `{ ($.eventName = createtrail) || ($.eventName = stoplogging) }`, trail, false},
		{"a name in brackets", `{ ($.["eventName"] = CreateTrail) || ($["eventName"] = StopLogging) }`, trail, true},
		{"a wildcard", `{ $.eventName = "*Trail" || $.eventName = "Stop*" }`, trail, true},
		{"any event", `{ $.eventName = * }`, trail, true},
		{"a regular expression", `{ $.eventName = %^(CreateTrail|StopLogging)$% }`, trail, true},
		{"a regular expression for one", `{ $.eventName = %Trail$% }`, trail, false},
		{"not a regular expression", `{ $.eventSource = "cloudtrail.amazonaws.com" && $.eventName != %^Lookup% }`, trail, true},
		{"not a regular expression that fits", `{ $.eventSource = "cloudtrail.amazonaws.com" && $.eventName != %Logging$% }`, trail, false},
		{"a word", `"CreateTrail"`, trail, false},
		{"words", `?CreateTrail ?StopLogging`, trail, false},
		{"every event", ``, trail, false},
		{"fields", `[eventName = CreateTrail || eventName = StopLogging]`, trail, false},

		{"root, the same", `{ $.userIdentity.type="Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType!="AwsServiceEvent" }`, root, true},
		{"root, all of it", `{ $.userIdentity.type = Root }`, root, true},
		{"root, only its sign-ins", `{ $.userIdentity.type = Root && $.eventName = ConsoleLogin }`, root, false},
		{"root, by services", `{ $.userIdentity.type = Root && $.userIdentity.invokedBy EXISTS }`, root, false},
		{"not root", `{ $.userIdentity.type != Root }`, root, false},

		{"refused, without brackets", `{ $.errorCode = "*UnauthorizedOperation" || $.errorCode = "AccessDenied*" && $.sourceIPAddress != "delivery.logs.amazonaws.com" && $.eventName != "HeadBucket" }`, refused, true},
		{"refused, without exceptions", `{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }`, refused, true},
		{"refused, wider", `{ ($.errorCode = "*Unauthorized*") || ($.errorCode = "*AccessDenied*") }`, refused, true},
		{"refused, only the exact code", `{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied") }`, refused, false},
		{"refused, one more exception", `{ (($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*")) && $.eventName != "Get*" }`, refused, false},

		{"numbers", `{ $.n = 1.0 }`, `{ $.n = 1 }`, true},
		{"numbers compared", `{ $.n > 1 }`, `{ $.n > 1 }`, true},
		{"numbers compared otherwise", `{ $.n > 1 }`, `{ $.n >= 1 }`, false},
		{"a name with a dot is not a path", `{ $.["a.b"] = 1 }`, `{ $.a.b = 1 }`, false},
		{"is true", `{ $.x IS TRUE }`, `{ $.x is true }`, true},
		{"is null", `{ $.x IS NULL }`, `{ $.x NOT EXISTS }`, false},
		{"fewer exceptions", `{ $.a != "xy" }`, `{ $.a != "x*" }`, true},
		{"more exceptions", `{ $.a != "x*" }`, `{ $.a != "xy" }`, false},
		{"stars do not stand for letters", `{ $.a = "x" }`, `{ $.a = "*" }`, false},
	} {
		got, err := Covers(c.pattern, c.wanted)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		} else if got != c.covers {
			t.Errorf("%s: %v\n%s\n%s", c.name, got, c.pattern, c.wanted)
		}
	}
}

func TestWhatCannotBeUnderstood(t *testing.T) {
	for _, pattern := range []string{
		`{`, `{ }`, `{ $ }`, `{ $.a }`, `{ $.a = }`, `{ $.a = 1`, `{ $.a = 1 } x`, `{ ($.a = 1 }`, `{ $.a = 1 || }`, `{ a = 1 }`,
		`{ $.a = "x }`, `{ $.a = %x }`, `{ $.a IS 1 }`, `{ $.a NOT 1 }`, `{ $.["a" = 1 }`, `{ $.a ~ 1 }`,
	} {
		if _, err := Covers(pattern, trail); err == nil {
			t.Errorf("%s: no error", pattern)
		}
		if _, err := Covers(trail, pattern); err == nil {
			t.Errorf("wanted %s: no error", pattern)
		}
	}
}

// FuzzCovers checks that nothing makes the parser break, and that every pattern
// covers itself, and itself with an alternative added.
func FuzzCovers(f *testing.F) {
	for _, seed := range []string{trail, root, refused, `{ $.a = %x% }`, `{ $.["a b"][0] >= -1.5e3 }`, `{ $.a IS NULL && ($.b EXISTS || $.c != *x*) }`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, pattern string) {
		e, err := parse(pattern)
		if err != nil {
			return
		}
		if _, err := e.cases(); err != nil {
			return
		}
		if ok, err := Covers(pattern, pattern); err != nil || !ok {
			t.Errorf("%q does not cover itself: %v", pattern, err)
		}
		if len(pattern) > maxPattern/2 {
			return
		}
		inner := pattern[len("{")+strings.IndexByte(pattern, '{') : strings.LastIndexByte(pattern, '}')]
		if ok, err := Covers("{ $.else = 1 || ("+inner+") }", pattern); err != nil || !ok {
			t.Errorf("%q with an alternative does not cover it: %v", pattern, err)
		}
	})
}
