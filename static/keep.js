/* What is typed is kept in this browser until the server has said that it is stored.
   A copy knows its form, person, version and unit of money. It is offered back after a lost
   network, session or answer, in another tab and after Back; beside the stored content where
   that has changed since. Signing out clears all copies. Words come from the page (#keep-words). */
(() => {
  "use strict";
  const person = document.body.dataset.person;
  const words = document.getElementById("keep-words")?.dataset;
  if (!person || !words) return;
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const PREFIX = "keep:";
  const OUT = "keep-out"; /* when somebody last signed out in this browser, in whichever tab */
  const DAY = 24 * 3600 * 1000;
  const OLDEST = 30 * DAY;
  const SERVICE = new Set(["csrf_token", "form_key", "version", "row_version", "seen", "unit", "action", "keep_copy"]);
  const make = (tag, attributes = {}, text = "") => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.textContent = text;
    return element;
  };
  const locale = document.documentElement.lang === "en" ? "en-GB" : "vi-VN";
  const when = (at) => new Date(at).toLocaleString(locale, { day: "2-digit", month: "2-digit", year: "numeric", hour: "2-digit", minute: "2-digit" });

  /* ---- The store ---- */
  const read = (key) => {
    try {
      return JSON.parse(localStorage.getItem(key) ?? "null");
    } catch {
      return null;
    }
  };
  const remove = (key) => {
    try {
      localStorage.removeItem(key);
    } catch { /* nothing is kept where nothing may be kept */ }
  };
  const keys = () => {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
    } catch {
      return [];
    }
  };
  const write = (key, copy) => {
    for (let left = 20; left > 0; left -= 1) {
      try {
        localStorage.setItem(key, JSON.stringify(copy));
        return true;
      } catch {
        /* full: the oldest copy of something else makes room */
        const others = keys().filter((other) => other !== key).map((other) => [read(other)?.at ?? 0, other]).sort();
        if (!others.length) return false;
        remove(others[0][1]);
      }
    }
    return false;
  };
  for (const key of keys()) {
    const copy = read(key);
    if (!copy || Date.now() - copy.at > OLDEST) remove(key);
  }
  /* what the server has stored since the last page */
  const told = /(?:^|; )kept=([^;]*)/.exec(document.cookie);
  if (told) {
    for (const key of keys()) if (decodeURIComponent(told[1]).split(".").includes(read(key)?.id)) remove(key);
    document.cookie = "kept=; path=/; max-age=0; samesite=lax";
  }

  /* ---- Forms and what stands in them ---- */
  const isKept = (form) =>
    form.method === "post" && form.dataset.keep !== "no" && !form.matches("[action='/logout'], [action='/language']") &&
    (form.hasAttribute("data-guard") || form.querySelector("textarea") || (form.id && document.querySelector(`textarea[form="${CSS.escape(form.id)}"]`)) || all("input[type=text]", form).length > 1);
  const placeOf = (form) => {
    const url = new URL(form.getAttribute("action") || location.href, location.href);
    for (const name of ["unit", "url", "resume"]) url.searchParams.delete(name);
    const first = [...form.elements].find((each) => each.tagName === "TEXTAREA");
    return `${url.pathname}${url.search}#${form.id || (first?.name ?? "")}`;
  };
  const fields = (form) =>
    [...form.elements].filter((each) => each.name && (!SERVICE.has(each.name) || "kept" in each.dataset) && !each.name.startsWith("seen-") && !["submit", "button", "password", "file", "reset"].includes(each.type));
  const shownAs = (field) => {
    const combo = field.closest(".combo");
    if (!combo || field.type !== "hidden") return undefined;
    const chips = all(".chip", combo).map((chip) => chip.firstChild.textContent);
    return chips.length ? chips : [combo.querySelector("[role=combobox]")?.dataset.chosen ?? ""];
  };
  const valuesOf = (form) => {
    const found = {};
    for (const field of fields(form)) {
      if (field.type === "hidden" && !field.closest(".combo")) continue;
      found[field.name] ??= [];
      if (["checkbox", "radio"].includes(field.type)) {
        if (field.checked) found[field.name].push(field.value);
      } else if (field.multiple) found[field.name].push(...[...field.selectedOptions].map((option) => option.value));
      else found[field.name].push(field.value);
    }
    return found;
  };
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
  const versionOf = (form) => (form.elements.version ?? form.elements.row_version ?? form.elements.seen)?.value ?? "";
  /* Amounts: a copy is in the unit and the marks of the page on which it was typed, and comes
     back in those of the page that stands there now. What could not be read then must not turn
     into another amount now: it gets a question mark. */
  const { read: readAmount, write: writeAmount, page: pageLanguage } = window.amounts;
  const unitOf = (field) => field.dataset.moneyUnit || "dong";
  const unitsOf = (form) => Object.fromEntries(fields(form).filter((field) => "money" in field.dataset).map((field) => [field.name, unitOf(field)]));
  const amountHere = (field, text, unit, language) => {
    if (unit === unitOf(field) && language === pageLanguage()) return text;
    const found = readAmount(text, unit, language);
    if (found.dong !== undefined) return writeAmount(found.dong, unitOf(field), pageLanguage());
    return readAmount(text, unitOf(field), pageLanguage()).dong === undefined ? text : `${text} ?`;
  };
  const asHere = (form, copy) => {
    const values = structuredClone(copy.values);
    for (const field of fields(form)) {
      if (!("money" in field.dataset) || !values[field.name]) continue;
      const unit = copy.units?.[field.name] ?? unitOf(field);
      values[field.name] = values[field.name].map((text) => amountHere(field, text, unit, copy.language ?? pageLanguage()));
    }
    return { ...copy, values };
  };
  /* without the name that a field has at other times */
  const seen = (label) => {
    const copy = label.cloneNode(true);
    for (const part of all("[hidden]", copy)) part.remove();
    return copy.textContent;
  };
  const labelOf = (field) => {
    const id = field.id.replace(/-value$/, "");
    const label = id ? document.querySelector(`label[for="${CSS.escape(id)}"]`) : null;
    const row = field.closest("fieldset, [role=group]")?.querySelector("legend, h3")?.textContent ?? field.closest("section.project")?.querySelector("h2")?.textContent;
    const own = ((label ? seen(label) : field.getAttribute("aria-label")) ?? words.field).trim();
    return (row ? `${row.trim()} · ${own}` : own).replace(/\s+/g, " ");
  };

  const states = new Map();
  const said = []; /* for session.js, which comes after this */
  let stayed = Date.now(); /* somebody who types after signing out has stayed */
  const keep = (form) => {
    const state = states.get(form);
    clearTimeout(state.timer);
    if (read(OUT) >= stayed) return true;
    const values = valuesOf(form);
    if (same(values, state.first) && !state.written) return true;
    state.written = true;
    const changed = fields(form).filter((field) => values[field.name] && !same(values[field.name], state.first[field.name]));
    const texts = Object.fromEntries(fields(form).map((field) => [field.name, shownAs(field)]).filter(([, text]) => text));
    return write(state.key, {
      id: state.id, at: Date.now(), version: state.version, units: unitsOf(form), language: pageLanguage(), values, texts,
      changed: Object.fromEntries(changed.map((field) => [field.name, labelOf(field)])),
      sent: state.sent ?? false, resume: state.resume ?? false, page: location.pathname + location.search,
    });
  };

  /* ---- Putting back ---- */
  const put = (form, offered) => {
    const copy = structuredClone(offered);
    for (const field of fields(form)) {
      const kept = copy.values[field.name];
      if (!kept) continue;
      if (["checkbox", "radio"].includes(field.type)) field.checked = kept.includes(field.value);
      else if (field.closest(".combo")) {
        const texts = copy.texts?.[field.name];
        const list = field.multiple ? kept : (kept[0] ?? "").split(field.dataset.separator || ",").filter(Boolean);
        const pairs = list.map((value, i) => [value, texts?.[i] ?? [...(field.options ?? [])].find((one) => one.value === value)?.text ?? value]);
        field.dispatchEvent(new CustomEvent("keep:put", { detail: pairs }));
      } else if (field.multiple) for (const option of field.options) option.selected = kept.includes(option.value);
      else if (kept.length) field.value = kept.shift() ?? "";
      if (field.value && !["checkbox", "hidden"].includes(field.type)) field.closest("details")?.setAttribute("open", "");
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
  };
  /* what was typed into a field that the page no longer has: shown, since it has no other place */
  const homeless = (form, copy) =>
    Object.entries(copy.changed ?? {}).filter(([name]) => !fields(form).some((field) => field.name === name) && copy.values[name]?.some((text) => text.trim()));
  const table = (form, copy) => {
    const now = valuesOf(form);
    const rows = fields(form).filter((field, i, list) => copy.values[field.name] && !same(copy.values[field.name], now[field.name]) && list.findIndex((other) => other.name === field.name) === i);
    const body = make("tbody");
    const text = (list, shown) => (shown ?? list ?? []).join("; ") || "–";
    const cell = (tag, name, said) => {
      const made = make(tag, { "data-label": name, ...(tag === "th" && { scope: "row" }) });
      made.append(make("div", {}, said));
      return made;
    };
    const add = (label, stored, typed) => {
      const row = make("tr");
      row.append(cell("th", words.field, label), cell("td", words.stored, stored), cell("td", words.typed, typed));
      body.append(row);
    };
    for (const field of rows) add(labelOf(field), text(now[field.name], shownAs(field)), text(copy.values[field.name], copy.texts?.[field.name]));
    for (const [name, label] of homeless(form, copy)) add(label, "–", text(copy.values[name], copy.texts?.[name]));
    const head = make("thead");
    const line = make("tr");
    for (const word of [words.field, words.stored, words.typed]) line.append(make("th", { scope: "col" }, word));
    head.append(line);
    const made = make("table", { class: "dense table-cards" });
    made.append(head, body);
    return made;
  };
  const isClosed = (form) => ![...form.elements].some((each) => each.type === "submit" && !each.disabled);
  const refused = () =>
    (performance.getEntriesByType("navigation")[0]?.responseStatus ?? 200) >= 400 || document.querySelector("[data-error-summary]");
  const offer = (form, key, copy) => {
    const box = make("div", { class: "flash flash-warn kept", role: "status" });
    const part = make("div");
    const closed = isClosed(form);
    let text = words.found;
    if (copy.sent && !refused()) text = words.unanswered;
    if (copy.version !== versionOf(form) && !closed) text = `${text} ${words.older}`;
    part.append(make("p", {}, text.replace("{when}", when(copy.at))));
    const more = make("details", { class: "more", ...(homeless(form, copy).length ? { open: "" } : {}) });
    more.append(make("summary", {}, words.compare), table(form, copy));
    const button = (label, act) => {
      const made = make("button", { type: "button", class: "btn btn-quiet btn-small" }, label);
      made.addEventListener("click", act);
      return made;
    };
    const putBack = button(words.putBack, () => {
      put(form, copy);
      remove(key);
      keep(form);
      box.remove();
    });
    const drop = button(words.drop, () => {
      remove(key);
      box.remove();
    });
    /* a page that takes nothing shows what is stored, and goes on showing it */
    part.append(more, ...(closed ? [drop] : [putBack, drop]));
    box.append(part);
    form.before(box);
  };

  const begin = (form) => {
    const id = Math.random().toString(36).slice(2, 12);
    const base = `${PREFIX}${person}:${placeOf(form)}:`;
    states.set(form, { id, key: base + id, version: versionOf(form), first: valuesOf(form), base });
    const state = states.get(form);
    form.addEventListener("keep:changed", () => keep(form));
    const note = () => {
      stayed = Math.max(Date.now(), read(OUT) + 1); /* a clock may have been set back */
      clearTimeout(state.timer);
      state.timer = setTimeout(() => {
        if (!keep(form)) document.dispatchEvent(new CustomEvent("keep:say", { detail: words.full }));
      }, 400);
    };
    for (const kind of ["input", "change"]) {
      form.addEventListener(kind, note);
      for (const field of form.elements) if (!form.contains(field)) field.addEventListener(kind, note);
    }
    for (const key of keys().filter((each) => each.startsWith(base)).sort((a, b) => (read(b)?.at ?? 0) - (read(a)?.at ?? 0))) {
      const found = read(key);
      if (!found || key === state.key) continue;
      const copy = asHere(form, found);
      const present = valuesOf(form);
      const differs = homeless(form, copy).length || Object.keys(copy.values).some((name) => name in present && !same(copy.values[name], present[name]));
      if (!differs && refused()) {
        /* what was refused stands in the fields and nowhere else: it goes on being kept */
        state.written = true;
        remove(key);
        keep(form);
      } else if (!differs) remove(key);
      else if (copy.resume && !isClosed(form) && copy.version === state.version) {
        put(form, copy);
        remove(key);
        keep(form);
        said.push(words.resumed);
      } else offer(form, key, copy);
    }
  };
  /* ---- For session.js ---- */
  const mark = (form, change) => {
    const state = states.get(form);
    if (!state) return;
    Object.assign(state, change);
    if (state.written || !same(valuesOf(form), state.first)) {
      state.written = true;
      keep(form);
    }
  };
  const clear = () => keys().forEach(remove);
  window.keep = { states, said, mark, isKept, make, words, clear, copyId: (form) => states.get(form)?.id };

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[action='/logout']")) return;
    clear();
    write(OUT, Date.now());
  });
  window.addEventListener("pagehide", () => {
    for (const [form, state] of states) if (state.timer && form.isConnected) keep(form);
  });
  for (const form of all("form")) if (isKept(form)) begin(form);
  document.dispatchEvent(new Event("keep:ready"));
})();
