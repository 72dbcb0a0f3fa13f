package merlon_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	mdLink    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	mdHeading = regexp.MustCompile(`(?m)^#+ (.+)$`)
	mdFence   = regexp.MustCompile("(?ms)^\\s*```.*?^\\s*```$|`[^`\n]*`")
)

// TestLinksLeadSomewhere follows every link between the pages of the
// documentation, to the heading.
func TestLinksLeadSomewhere(t *testing.T) {
	pages, anchors := map[string]string{}, map[string]map[string]bool{}
	for _, glob := range []string{"*.md", "docs/*.md", "changelog/*.md"} {
		names, err := filepath.Glob(glob)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			src, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			pages[name], anchors[name] = string(src), anchorsOf(string(src))
		}
	}
	for name, src := range pages {
		for _, m := range mdLink.FindAllStringSubmatch(mdFence.ReplaceAllString(src, ""), -1) {
			to, anchor, _ := strings.Cut(m[1], "#")
			if strings.Contains(to, "://") {
				continue
			}
			file := name
			if to != "" {
				file = filepath.Join(filepath.Dir(name), to)
			}
			if _, err := os.Stat(file); err != nil {
				t.Errorf("%s: (%s) leads nowhere", name, m[1])
			} else if anchor != "" && !anchors[file][anchor] {
				t.Errorf("%s: (%s): no such heading", name, m[1])
			}
		}
	}
}

// anchorsOf lists what a page's headings are called in links.
func anchorsOf(page string) map[string]bool {
	drop := regexp.MustCompile(`[^\p{L}\p{N} _-]`)
	anchors := map[string]bool{}
	for _, m := range mdHeading.FindAllStringSubmatch(page, -1) {
		anchors[strings.ReplaceAll(drop.ReplaceAllString(strings.ToLower(m[1]), ""), " ", "-")] = true
	}
	return anchors
}
