
(() => {
  "use strict";
  const all = (sel, from = document) => Array.from(from.querySelectorAll(sel));
  const one = (sel, from = document) => from.querySelector(sel);
  document.documentElement.classList.add("js");

  // Copying.
  document.addEventListener("click", async (e) => {
    const button = e.target.closest(".copy");
    if (!button) return;
    e.preventDefault();
    const source = button.previousElementSibling;
    try {
      await navigator.clipboard.writeText(source.textContent);
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    } catch {
      getSelection().selectAllChildren(source);
    }
  });

  all("[data-more]").forEach((b) => b.addEventListener("click", () => b.parentElement.classList.add("open")));

  const form = one(".filters");
  if (!form) return;

  // What there is to filter: groups with items, read once. The text to search
  // is read when somebody first searches.
  const groups = all(".rule").map((el) => ({ el, data: el.dataset, items: all(".finding", el), counts: one(".counts", el) }));
  if (groups.length === 0) {
    all(".requirements").forEach((el) => groups.push({ el, data: {}, items: all(".requirement", el) }));
  }
  const total = groups.reduce((n, g) => n + g.items.length, 0);
  const noun = one(".rule") ? ["finding", "findings"] : ["requirement", "requirements"];
  let texts = null;
  const readTexts = () => {
    texts = groups.map((g) => {
      const head = g.el.dataset.rule ? one("summary", g.el).textContent.toLowerCase() : "";
      return { head, items: g.items.map((el) => el.textContent.toLowerCase()) };
    });
  };

  const state = { q: "", toggles: {}, menus: {} };
  const menus = all("select", form);
  const toggles = all("[data-toggle]", form);
  const search = form.elements.q;

  const read = () => {
    state.q = search.value.trim().toLowerCase();
    state.menus = {};
    menus.forEach((m) => { if (m.value) state.menus[m.name] = m.value; });
    state.toggles = {};
    toggles.forEach((b) => {
      if (b.getAttribute("aria-pressed") === "true") (state.toggles[b.dataset.toggle] ||= new Set()).add(b.dataset.value);
    });
  };

  // matches looks only at the filters that the element has data for.
  const matches = (data) => {
    for (const [k, v] of Object.entries(state.menus)) if (k in data && data[k] !== v) return false;
    for (const [k, v] of Object.entries(state.toggles)) if (k in data && !v.has(data[k])) return false;
    return true;
  };

  const apply = () => {
    read();
    const words = state.q.split(/\s+/).filter(Boolean);
    if (words.length && !texts) readTexts();
    let shown = 0;
    groups.forEach((g, i) => {
      let here = 0;
      if (matches(g.data)) {
        g.items.forEach((el, j) => {
          const ok = matches(el.dataset) && words.every((w) => texts[i].head.includes(w) || texts[i].items[j].includes(w));
          if (el.hidden === ok) el.hidden = !ok;
          if (ok) here++;
        });
      }
      if (g.el.hidden === here > 0) g.el.hidden = here === 0;
      if (g.counts) {
        if (here < g.items.length) g.counts.dataset.shown = `${here} of ${g.items.length} shown`;
        else delete g.counts.dataset.shown;
      }
      if (state.menus.rule && here > 0) g.el.open = true;
      shown += here;
    });
    one(".status", form).textContent = shown === total
      ? `${total.toLocaleString("en")} ${total === 1 ? noun[0] : noun[1]}`
      : `${shown.toLocaleString("en")} of ${total.toLocaleString("en")} ${noun[1]}`;
    one(".nothing").hidden = shown > 0;
    remember();
  };

  // The filters live in the address, so that a view can be kept and shared.
  const remember = () => {
    const p = new URLSearchParams();
    if (search.value) p.set("q", search.value);
    Object.entries(state.menus).forEach(([k, v]) => p.set(k, v));
    Object.entries(state.toggles).forEach(([k, v]) => p.set(k, [...v].join(",")));
    const hash = p.toString();
    if (hash || location.hash.includes("=")) history.replaceState(null, "", hash ? "#" + hash : location.pathname + location.search);
  };
  const recall = () => {
    if (!location.hash.includes("=")) return;
    const p = new URLSearchParams(location.hash.slice(1));
    search.value = p.get("q") || "";
    menus.forEach((m) => { m.value = p.get(m.name) || ""; });
    toggles.forEach((b) => {
      b.setAttribute("aria-pressed", String((p.get(b.dataset.toggle) || "").split(",").includes(b.dataset.value)));
    });
  };

  let due = 0;
  search.addEventListener("input", () => { clearTimeout(due); due = setTimeout(apply, 80); });
  menus.forEach((m) => m.addEventListener("change", apply));
  toggles.forEach((b) => b.addEventListener("click", () => {
    b.setAttribute("aria-pressed", String(b.getAttribute("aria-pressed") !== "true"));
    apply();
  }));
  form.addEventListener("submit", (e) => e.preventDefault());
  form.addEventListener("reset", () => {
    toggles.forEach((b) => b.setAttribute("aria-pressed", "false"));
    setTimeout(apply);
  });

  // Charts and the legend set one filter.
  all("[data-set]").forEach((b) => b.addEventListener("click", () => {
    const { set, value } = b.dataset;
    const menu = form.elements[set];
    if (menu) menu.value = menu.value === value ? "" : value;
    toggles.forEach((t) => {
      if (t.dataset.toggle === set && t.dataset.value === value) {
        t.setAttribute("aria-pressed", String(t.getAttribute("aria-pressed") !== "true"));
      }
    });
    apply();
    form.scrollIntoView({ block: "start" });
  }));

  const expand = one("[data-expand]", form);
  if (expand) {
    expand.addEventListener("click", () => {
      const open = expand.textContent === "Expand all";
      groups.forEach((g) => { g.el.open = open && !g.el.hidden; });
      expand.textContent = open ? "Collapse all" : "Expand all";
    });
  }

  // Keys.
  const visible = () => all(".rule:not([hidden]) > summary, .rule[open]:not([hidden]) .finding:not([hidden]) > summary");
  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName);
    if (e.key === "Escape" && document.activeElement === search) {
      search.value = "";
      search.blur();
      apply();
    } else if (e.key === "/" && !typing) {
      e.preventDefault();
      search.focus();
    } else if ((e.key === "j" || e.key === "k") && !typing) {
      const list = visible();
      const at = list.indexOf(document.activeElement);
      const next = list[at < 0 ? 0 : at + (e.key === "j" ? 1 : -1)];
      if (next) next.focus();
    }
  });

  // On paper, rules that the filters show are open.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = groups.map((g) => g.el).filter((el) => el.localName === "details" && !el.hidden && !el.open);
    opened.forEach((el) => { el.open = true; });
  });
  addEventListener("afterprint", () => { opened.forEach((el) => { el.open = false; }); opened = []; });

  recall();
  apply();
})();
