package cloud_test

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"merlon.dev/internal/cloud"
)

// A small model of its own: files in folders.
type (
	folder struct {
		cloud.Base
		Files []cloud.Link[file] `json:"-" cel:"files" backlink:"folder" within:"region"`
		All   []cloud.Link[file] `json:"-" cel:"all" backlink:"@account"`
		Parts []cloud.Link[file] `json:"-" cel:"parts" backlink:"parts" within:"region"`
	}
	file struct {
		cloud.Base
		Folder cloud.Link[folder] `json:"folder,omitzero"`
		Parts  []*part            `json:"parts,omitempty"`
		Copies []cloud.Link[file] `json:"copies,omitempty"`
	}
	part struct {
		cloud.Object
		Of   cloud.Link[file]   `json:"of,omitzero"`
		From cloud.Link[folder] `json:"from,omitzero"`
	}
)

func (*folder) Kind() cloud.Kind { return "T::Folder" }
func (*file) Kind() cloud.Kind   { return "T::File" }

// AlsoKnown lets files be found by an alias.
func (f *file) AlsoKnown() []cloud.Ref { return []cloud.Ref{f.Ref + "/alias"} }

func kinds() []cloud.Resource { return []cloud.Resource{&folder{}, &file{}} }

func ref(s string) cloud.Ref { return cloud.Ref("arn:aws:t:eu-west-1:111122223333:" + s) }

func base(s string) cloud.Base {
	return cloud.Base{Ref: ref(s), Name: s, Account: "111122223333", Region: "eu-west-1"}
}

func TestLinksLeadToTheirTargets(t *testing.T) {
	d := &folder{Base: base("d")}
	a := &file{Base: base("a"), Folder: cloud.LinkTo[folder](d.Ref)}
	b := &file{Base: base("b"), Folder: cloud.LinkTo[folder](d.Ref), Copies: cloud.LinksTo[file](ref("a/alias"), ref("gone"), d.Ref),
		Parts: []*part{{Of: cloud.LinkTo[file](a.Ref)}}}
	s := &cloud.Snapshot{Resources: []cloud.Resource{d, a, b}}
	s.Resolve()
	s.Resolve() // idempotent

	if a.Folder.Target() != d || b.Copies[0].Target() != a || b.Parts[0].Of.Target() != a {
		t.Error("links to resources of the snapshot lead elsewhere")
	}
	if gone := b.Copies[1].Target(); gone.Ref != ref("gone") || gone.Gap("folder") == nil || gone.Gap("ref") != nil {
		t.Errorf("a link out of the snapshot leads to %+v", gone)
	}
	if wrong := b.Copies[2].Target(); wrong.Gap("folder") == nil || wrong.Gap("folder").Reason != cloud.Malformed {
		t.Errorf("a link to another kind leads to %+v", wrong)
	}
	if len(d.Files) != 2 || d.Files[0].Target() != a || len(d.All) != 2 || d.Gap("files") != nil {
		t.Errorf("backlinks: %v, %v, gap %v", d.Files, d.All, d.Gap("files"))
	}
}

// TestSharedRefs: what AWS owns goes by one ref in every account; each account
// has its own.
func TestSharedRefs(t *testing.T) {
	in := func(account cloud.AccountID, what string) cloud.Base {
		return cloud.Base{Ref: cloud.Ref(what), Account: account}
	}
	ours, theirs := &folder{Base: in("1", "arn:shared")}, &folder{Base: in("2", "arn:shared")}
	a := &file{Base: in("2", "a"), Folder: cloud.LinkTo[folder]("arn:shared")}
	b := &file{Base: in("3", "b"), Folder: cloud.LinkTo[folder]("arn:shared")}
	s := &cloud.Snapshot{Resources: []cloud.Resource{theirs, a, b, ours, ours}}
	s.Sort()
	if len(s.Resources) != 4 {
		t.Errorf("%d resources", len(s.Resources))
	}
	s.Resolve()
	if a.Folder.Target() != theirs || b.Folder.Target() != ours || len(theirs.Files) != 1 || len(ours.Files) != 1 {
		t.Errorf("links: %p %p, backlinks %d %d", a.Folder.Target(), b.Folder.Target(), len(theirs.Files), len(ours.Files))
	}
}

func TestBacklinksKnowWhatWasNotListed(t *testing.T) {
	denied := &cloud.Gap{Reason: cloud.Denied, Operation: "t:ListFiles"}
	listed := func(gap *cloud.Gap, regions ...cloud.Region) cloud.Collection {
		return cloud.Collection{Kind: "T::File", Account: "111122223333", Regions: regions, Gap: gap}
	}
	for _, c := range []struct {
		name           string
		collections    []cloud.Collection
		files, account bool // whether the backlink has a gap
	}{
		{"all listed", []cloud.Collection{listed(nil, "eu-west-1", "us-east-1")}, false, false},
		{"another region refused", []cloud.Collection{listed(nil, "eu-west-1"), listed(denied, "us-east-1")}, false, true},
		{"this region refused", []cloud.Collection{listed(denied, "eu-west-1"), listed(nil, "us-east-1")}, true, true},
		{"never asked", nil, true, true},
		{"another account refused", []cloud.Collection{listed(nil, "eu-west-1"), {Kind: "T::File", Account: "999999999999", Regions: []cloud.Region{"eu-west-1"}, Gap: denied}}, false, false},
	} {
		d := &folder{Base: base("d")}
		s := &cloud.Snapshot{Open: true, Resources: []cloud.Resource{d}, Collections: c.collections}
		s.Resolve()
		if got := d.Gap("files") != nil; got != c.files {
			t.Errorf("%s: gap on files: %v", c.name, got)
		}
		if got := d.Gap("all") != nil; got != c.account {
			t.Errorf("%s: gap on the account's files: %v", c.name, got)
		}
		if g := d.Gap("files"); g != nil && !g.Partial {
			t.Errorf("%s: the gap is not partial", c.name)
		}
	}
}

// TestUnreadLinksHideBacklinks: a file whose folder is not known may be in any.
func TestUnreadLinksHideBacklinks(t *testing.T) {
	d, a := &folder{Base: base("d")}, &file{Base: base("a")}
	a.SetGap(&cloud.Gap{Reason: cloud.Denied}, "folder")
	elsewhere := &folder{Base: cloud.Base{Ref: "arn:aws:t:us-east-1:111122223333:e", Account: "111122223333", Region: "us-east-1"}}
	s := &cloud.Snapshot{Resources: []cloud.Resource{d, a, elsewhere}}
	s.Resolve()
	if d.Gap("files") == nil {
		t.Error("the folder seems to be known to be empty")
	}
	if elsewhere.Gap("files") != nil {
		t.Error("a file of one region hides the folders of another")
	}
}

// TestUnreadLinksHideNoOthers: what leads to another kind of resource, or from
// where none can lead here, hides nothing.
func TestUnreadLinksHideNoOthers(t *testing.T) {
	denied := &cloud.Gap{Reason: cloud.Denied}
	for _, c := range []struct {
		name string
		hide func(*file)
		want bool // whether the back link has a gap
	}{
		{"all parts", func(f *file) { f.SetGap(denied, "parts") }, true},
		{"the folder of a part", func(f *file) { f.Parts[0].SetGap(denied, "from") }, true},
		{"the file of a part", func(f *file) { f.Parts[0].SetGap(denied, "of") }, false},
		{"all parts, in another region", func(f *file) { f.SetGap(denied, "parts"); f.Region = "us-east-1" }, false},
		{"all parts, in a region that is not known", func(f *file) { f.SetGap(denied, "parts"); f.Region = "" }, true},
	} {
		d := &folder{Base: base("d")}
		known := &file{Base: base("a"), Parts: []*part{{From: cloud.LinkTo[folder](d.Ref)}}}
		other := &file{Base: base("b"), Parts: []*part{{}}}
		c.hide(other)
		(&cloud.Snapshot{Resources: []cloud.Resource{d, known, other}}).Resolve()
		if got := d.Gap("parts") != nil; got != c.want || len(d.Parts) != 1 {
			t.Errorf("%s: gap %v on %v", c.name, got, d.Parts)
		}
	}
}

func sample() *cloud.Snapshot {
	a := &file{Base: base("a"), Folder: cloud.LinkTo[folder](ref("d"))}
	a.SetGap(&cloud.Gap{Reason: cloud.Denied, Operation: "t:GetTags", Message: "no"}, "tags")
	return &cloud.Snapshot{
		Source:      cloud.Source{Kind: "aws", Accounts: []cloud.AccountID{"111122223333"}, ReadAt: time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)},
		Open:        true,
		Resources:   []cloud.Resource{&folder{Base: base("d")}, a},
		Collections: []cloud.Collection{{Kind: "T::File", Account: "111122223333", Regions: []cloud.Region{"eu-west-1"}}},
		Calls:       map[cloud.Kind]map[string]string{"T::File": {"": "t:ListFiles"}},
		Regions:     map[cloud.AccountID][]cloud.Region{"111122223333": {"eu-west-1"}},
	}
}

func encode(t testing.TB, s *cloud.Snapshot) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := s.Encode(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestFileKeepsEverything(t *testing.T) {
	doc := encode(t, sample())
	s, err := cloud.Decode(bytes.NewReader(doc), kinds())
	if err != nil {
		t.Fatal(err)
	}
	if again := encode(t, s); !bytes.Equal(doc, again) {
		t.Error("a file read and written again differs")
	}
	if diff := cmp.Diff(sample().Resources[1].Meta().Gaps, s.Resources[1].Meta().Gaps); diff != "" {
		t.Error(diff)
	}
	s.Resolve()
	if !bytes.Equal(doc, encode(t, s)) {
		t.Error("resolving changed what is stored")
	}
}

func zipped(s string) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write([]byte(s))
	z.Close()
	return b.Bytes()
}

func TestDamagedFilesAreRefused(t *testing.T) {
	doc := encode(t, sample())
	const head = `{"format":"merlon-snapshot","version":1,"resources":1}` + "\n"
	for _, c := range []struct {
		name string
		doc  []byte
		want string
	}{
		{"empty", nil, "not a snapshot file"},
		{"text", []byte("hello"), "not a snapshot file"},
		{"cut short", doc[:len(doc)-20], "damaged|cut short|not a snapshot"},
		{"another gzip", zipped("hello\n"), "does not begin like one"},
		{"nothing in it", zipped(""), "not a snapshot file"},
		{"newer", zipped(`{"format":"merlon-snapshot","version":99}` + "\n"), "version 99; this Merlon reads version 1"},
		{"resources missing", zipped(head), "cut short: 0 of 1"},
		{"unknown kind", zipped(head + `{"kind":"T::Door","resource":{"ref":"x"}}` + "\n"), `kind "T::Door" is not known`},
		{"no ref", zipped(head + `{"kind":"T::File","resource":{}}` + "\n"), "without a ref"},
		{"not JSON", zipped(head + "{\n"), "resource 1"},
		{"wrong type", zipped(head + `{"kind":"T::File","resource":{"ref":7}}` + "\n"), "T::File"},
	} {
		_, err := cloud.Decode(bytes.NewReader(c.doc), kinds())
		if err == nil {
			t.Errorf("%s: no error", c.name)
			continue
		}
		ok := false
		for _, want := range strings.Split(c.want, "|") {
			ok = ok || strings.Contains(err.Error(), want)
		}
		if !ok || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %q", c.name, err)
		}
	}
}

// FuzzDecode holds the reader of snapshot files to errors: it never panics, and
// what it accepts can be resolved and written.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"format":"merlon-snapshot","version":1,"resources":2}
{"kind":"T::Folder","resource":{"ref":"d"}}
{"kind":"T::File","resource":{"ref":"a","folder":"d","gaps":{"tags":"denied","*":{"reason":"x","partial":true}},"parts":[null,{"of":"a"}]}}
`))
	f.Add([]byte(`{"format":"merlon-snapshot","version":1,"open":true,"collections":[{"kind":"T::File","gap":{"reason":"denied"}}]}`))
	f.Fuzz(func(t *testing.T, lines []byte) {
		s, err := cloud.Decode(bytes.NewReader(zipped(string(lines))), kinds())
		if err != nil {
			return
		}
		s.Sort()
		s.Resolve()
		encode(t, s)
	})
}

// TestSubjectsAreCalledByTheirTag: a label says what the name does not.
func TestSubjectsAreCalledByTheirTag(t *testing.T) {
	for tag, want := range map[string]string{"": "", "a": "", "invoices": "invoices"} {
		f := &file{Base: base("a")}
		f.Tags = map[string]string{"Name": tag}
		if got := cloud.SubjectOf(f); got.Label != want || got.Name != "a" || got.Kind != "T::File" {
			t.Errorf("tag %q: %+v", tag, got)
		}
	}
}
