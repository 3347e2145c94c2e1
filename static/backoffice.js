/* What the pages need of a script, and no more: they work without it, only less comfortably.
   All words come from the page (#words), so that they are in its language. */
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const words = document.getElementById("words")?.dataset ?? {};
  const language = document.documentElement.lang || "vi";
  const make = (tag, attributes = {}, text = "") => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.textContent = text;
    return element;
  };
  /* "Hữu Lũng" and "huu lung" are the same to somebody who searches */
  const fold = (text) =>
    text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/gi, "d").toLowerCase();
  const sprite = (path) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", "i");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
    line.setAttribute("d", path);
    svg.append(line);
    return svg;
  };
  const CROSS = "M6 6l12 12M18 6L6 18";
  const DAYS = "M4 6h16v14H4zM4 10.5h16M8.5 3.5v4M15.5 3.5v4";

  /* ---- Menus and messages ---- */
  const side = document.getElementById("side");
  const menuButton = document.querySelector("[data-menu-toggle]");
  const showMenu = (open) => {
    side.classList.toggle("open", open);
    menuButton.setAttribute("aria-expanded", String(open));
  };
  menuButton?.addEventListener("click", () => {
    showMenu(!side.classList.contains("open"));
    if (side.classList.contains("open")) side.querySelector("a")?.focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of all("details[data-menu][open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    if (side?.classList.contains("open")) {
      showMenu(false);
      menuButton.focus();
    }
  });
  document.addEventListener("click", (event) => {
    for (const menu of all("details[data-menu][open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
    const close = event.target.closest("[data-dismiss]");
    if (close) {
      close.closest(".flash").remove();
      document.getElementById("main")?.focus({ preventScroll: true });
    }
    if (event.target.closest("[data-print]")) window.print();
    const copy = event.target.closest("[data-copy]");
    if (copy) copyText(copy);
    const eye = event.target.closest("[data-show-password]");
    if (eye) {
      const input = document.getElementById(eye.dataset.showPassword);
      const shown = input.type === "password";
      input.type = shown ? "text" : "password";
      eye.setAttribute("aria-pressed", String(shown));
      [eye.textContent, eye.dataset.hide] = [eye.dataset.hide, eye.textContent];
    }
  });
  document.querySelector("[data-error-summary]")?.focus();

  /* ---- Copy: <button data-copy="id of a text area" data-copied="said afterwards"> ---- */
  const copyText = async (button) => {
    const area = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(area.value);
    } catch {
      /* without HTTPS there is no clipboard: show the text, chosen, and try the old way */
      const hidden = area.closest("details");
      if (hidden) hidden.open = true;
      area.focus();
      area.select();
      if (!document.execCommand("copy")) return;
    }
    const word = button.querySelector("span") ?? button;
    word.dataset.default ??= word.textContent;
    word.textContent = button.dataset.copied;
    word.setAttribute("role", "status");
    setTimeout(() => (word.textContent = word.dataset.default), 2500);
  };

  /* ---- Questions before an act: <button data-confirm="…"> or <form data-confirm="…"> ---- */
  const dialog = document.getElementById("ask");
  const ask = (text, yes) =>
    new Promise((answer) => {
      if (!dialog?.showModal) return answer(window.confirm(text));
      dialog.querySelector("[data-ask-text]").textContent = text;
      const button = dialog.querySelector("[data-ask-yes]");
      button.textContent = yes || button.dataset.default;
      dialog.returnValue = "no";
      dialog.addEventListener("close", () => answer(dialog.returnValue === "yes"), { once: true });
      dialog.showModal();
    });

  /* ---- Forms: ask, send once, warn before leaving ---- */
  let agreed = null;
  let leaving = false;
  const state = (form) => JSON.stringify([...new FormData(form)].filter(([, v]) => typeof v === "string"));
  const guarded = new Map();
  const changed = () => [...guarded].some(([form, before]) => form.isConnected && state(form) !== before);

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method === "dialog") return;
    const button = event.submitter;
    if (button?.hasAttribute("data-needs-rows") && !form.querySelector("[data-row]:checked") && !all("[data-row]:checked").length) {
      event.preventDefault();
      say(words.selectOne, button);
      return;
    }
    const question = button?.dataset.confirm ?? form.dataset.confirm;
    if (question && agreed !== form) {
      event.preventDefault();
      ask(question, button?.dataset.confirmYes ?? form.dataset.confirmYes).then((yes) => {
        if (!yes) return button?.focus();
        agreed = form;
        form.requestSubmit(button);
      });
      return;
    }
    agreed = null;
    if (form.hasAttribute("data-drop-empty")) {
      for (const input of [...form.elements]) if (input.name && input.value === "") input.disabled = true;
    }
    if (form.hasAttribute("data-once")) {
      if (form.dataset.sent) return event.preventDefault();
      form.dataset.sent = "yes";
      /* after the browser has collected the fields, or the button's own value would be lost */
      setTimeout(() => {
        for (const each of buttonsOf(form)) each.setAttribute("aria-disabled", "true");
      });
    }
    leaving = true;
  });
  const buttonsOf = (form) => [...form.elements].filter((each) => each.type === "submit");
  window.addEventListener("pageshow", () => {
    leaving = false;
    for (const form of all("form")) {
      delete form.dataset.sent;
      for (const button of buttonsOf(form)) button.removeAttribute("aria-disabled");
      if (form.hasAttribute("data-drop-empty")) {
        for (const input of form.elements) if (!input.hidden) input.disabled = false;
      }
    }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-leave-freely]")) leaving = true;
  });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && changed()) event.preventDefault();
  });

  /* One line that is read aloud and goes away */
  const say = (text, near) => {
    let line = document.getElementById("said");
    if (!line) line = make("p", { id: "said", role: "alert", class: "flash flash-warn" });
    line.textContent = text;
    (near?.closest("[data-bulk]") ?? document.getElementById("main").firstElementChild).after(line);
    clearTimeout(say.timer);
    say.timer = setTimeout(() => line.remove(), 8000);
  };

  /* ---- Lists: choose all, count the chosen ---- */
  const toggleAll = document.querySelector("[data-select-all]");
  const rows = all("[data-row]");
  const counter = document.querySelector("[data-bulk-count]");
  const counterText = counter?.textContent;
  const count = () => {
    const chosen = rows.filter((row) => row.checked).length;
    if (toggleAll) {
      toggleAll.checked = chosen > 0 && chosen === rows.length;
      toggleAll.indeterminate = chosen > 0 && chosen < rows.length;
    }
    if (counter) counter.textContent = chosen ? `${chosen} ${words.selected}:` : counterText;
  };
  toggleAll?.addEventListener("change", () => {
    for (const row of rows) row.checked = toggleAll.checked;
    count();
  });
  for (const row of rows) row.addEventListener("change", count);

  /* ---- Filters: the input belongs to the chosen way of comparing ---- */
  for (const way of all("[data-filter-way]")) {
    way.addEventListener("change", () => {
      const values = all("[data-filter-value]", way.closest("[data-filter]"));
      const old = values.find((input) => !input.hidden);
      for (const input of values) {
        const mine = input.dataset.filterValue === way.value;
        if (mine && old && input.tagName === old.tagName) input.value = old.value;
        input.hidden = input.disabled = !mine;
        const box = input.closest(".date-box");
        if (box) box.hidden = !mine;
      }
    });
  }

  /* ---- Parts of a form that belong to one choice only ---- */
  for (const select of all("select[data-shows]")) {
    const form = select.closest("form");
    const fit = () => {
      for (const part of all("[data-shown-for]", form)) part.hidden = !part.dataset.shownFor.split(" ").includes(select.value);
    };
    select.addEventListener("change", fit);
    fit();
  }

  /* ---- Wide tables: only those that scroll need to be reached by the keyboard ---- */
  const regions = () => {
    for (const region of all(".table-region")) {
      const scrolls = region.scrollWidth > region.clientWidth + 1 || region.scrollHeight > region.clientHeight + 1;
      if (scrolls) region.tabIndex = 0;
      else region.removeAttribute("tabindex");
    }
  };
  regions();
  window.addEventListener("resize", regions);

  /* ---- Money: whole đồng, dots between thousands ---- */
  const group = (digits) => digits.replace(/\B(?=(\d{3})+(?!\d))/g, ".");
  /* The number in a text, as plain digits; null when it could mean something else. */
  const readMoney = (text) => {
    const plain = text.normalize("NFKC").replace(/[\s\u00a0]/g, "").replace(/(đồng|đ|vnđ|vnd)$/i, "");
    if (/^-?\d*$/.test(plain)) return plain.replace(/^(-?)0+(?=\d)/, "$1");
    if (/^-?\d{1,3}(\.\d{3})+$/.test(plain)) return plain.replaceAll(".", "");
    return null;
  };
  /* Vietnamese words of a whole number, as accountants write them out */
  const NAMES = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"];
  const readThree = (n, full) => {
    const [h, t, u] = [Math.trunc(n / 100), Math.trunc(n / 10) % 10, n % 10];
    const said = h || full ? [NAMES[h], "trăm"] : [];
    if (t === 0 && u) said.push(...(h || full ? ["linh"] : []), NAMES[u]);
    if (t === 1) said.push("mười", ...(u ? [u === 5 ? "lăm" : NAMES[u]] : []));
    if (t > 1) said.push(NAMES[t], "mươi", ...(u ? [{ 1: "mốt", 4: "tư", 5: "lăm" }[u] ?? NAMES[u]] : []));
    return said;
  };
  const spell = (value, full = false) => {
    if (value >= 1000000000n) {
      const below = value % 1000000000n;
      return [...spell(value / 1000000000n, full), "tỷ", ...(below ? spell(below, true) : [])];
    }
    const said = [];
    for (const [size, name] of [[1000000n, "triệu"], [1000n, "nghìn"], [1n, ""]]) {
      const part = Number((value / size) % 1000n);
      if (part) said.push(...readThree(part, full || said.length > 0), ...(name ? [name] : []));
    }
    return said;
  };
  const inWords = (digits) => {
    const value = BigInt(digits);
    const size = value < 0n ? -value : value;
    if (document.documentElement.lang === "vi" && size > 0n) {
      const text = `${value < 0n ? "âm " : ""}${spell(size).join(" ")} đồng`;
      return text[0].toUpperCase() + text.slice(1);
    }
    if (size < 10000n) return "";
    const parts = [
      [size / 1000000000n, words.moneyBillion],
      [(size / 1000000n) % 1000n, words.moneyMillion],
      [(size / 1000n) % 1000n, words.moneyThousand],
      [size % 1000n, ""],
    ];
    const said = parts.filter(([n]) => n > 0n).map(([n, unit]) => `${group(String(n))} ${unit}`.trim());
    return `${value < 0n ? "− " : ""}${said.join(" ")} ${words.moneyDong}`;
  };
  const echoOf = (input) => {
    if (input.dataset.echo === "none") return null;
    let line = document.getElementById(`${input.id}-echo`);
    if (!line) {
      line = make("p", { id: `${input.id}-echo`, class: "echo", "aria-live": "polite" });
      (input.closest(".date-box") ?? input).after(line);
      const told = input.getAttribute("aria-describedby");
      input.setAttribute("aria-describedby", told ? `${told} ${line.id}` : line.id);
    }
    return line;
  };
  const tell = (input, text, bad) => {
    const line = echoOf(input);
    if (line) {
      line.textContent = text;
      line.classList.toggle("echo-bad", bad);
    }
    if (bad) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
    input.dataset.understood = bad ? "no" : "yes";
  };
  const formatMoney = (input, typing) => {
    const text = input.value;
    /* while typing, dots already there are ours; the figures round the caret may be of any length */
    const loose = typing && /^-?[\d.]*$/.test(text) ? text.replaceAll(".", "") : readMoney(text);
    const digits = loose === null ? null : loose.replace(/^(-?)0+(?=\d)/, "$1");
    if (digits === null || digits.replace("-", "").length > 15) return tell(input, words.moneyRefused, true);
    const shown = digits.replace(/\d+/, group);
    if (shown !== text) {
      const behind = text.slice(input.selectionStart).replace(/\D/g, "").length;
      input.value = shown;
      if (typing && document.activeElement === input) {
        let caret = shown.length;
        for (let left = behind; left > 0 && caret > 0; caret -= 1) if (/\d/.test(shown[caret - 1])) left -= 1;
        input.setSelectionRange(caret, caret);
      }
    }
    tell(input, /\d/.test(digits) ? inWords(digits) : "", false);
  };
  /* An amount in thousand or million đồng: read as on the server, said in đồng and in words */
  const SIZES = { nghin: 3, trieu: 6 };
  const inDong = (text, unit) => {
    const plain = text.normalize("NFKC").replace(/[\s\u00a0]/g, "");
    const found = /^(-?)(\d{1,15}|[1-9]\d{0,2}(?:\.\d{3}){1,4})(?:,(\d{1,6}))?$/.exec(plain);
    if (!found || (/^\d{1,3}\.\d{3}$/.test(found[2]) && !found[3])) return null;
    const decimals = (found[3] ?? "").replace(/0+$/, "");
    if (decimals.length > SIZES[unit]) return null;
    const digits = (found[2].replaceAll(".", "") + decimals.padEnd(SIZES[unit], "0")).replace(/^0+(?=\d)/, "");
    return digits.length > 15 ? null : found[1] + digits;
  };
  const largeMoney = (input) => {
    const unit = input.dataset.moneyUnit;
    const look = () => {
      if (!input.value.trim()) return tell(input, "", false);
      const digits = inDong(input.value, unit);
      if (digits === null) return tell(input, words.moneyUnclear, true);
      tell(input, `${digits.replace(/\d+/, group)} ${words.moneyDong} · ${inWords(digits)}`, false);
    };
    input.autocomplete = "off";
    input.inputMode = "decimal";
    input.addEventListener("input", look);
    if (input.value) look();
  };
  window.backoffice = { inDong, readMoney, inWords };
  const money = (input) => {
    if (input.dataset.ready) return;
    input.dataset.ready = "yes";
    if (input.dataset.moneyUnit in SIZES) return largeMoney(input);
    input.inputMode = "numeric";
    input.autocomplete = "off";
    input.addEventListener("paste", () => (input.dataset.pasted = "yes"));
    input.addEventListener("input", (event) => {
      const pasted = input.dataset.pasted || event.inputType === "insertFromPaste" || event.inputType === "insertFromDrop";
      delete input.dataset.pasted;
      /* Deleting a dot deletes the figure before it: that is what was meant */
      if (event.inputType === "deleteContentBackward" && input.dataset.before !== undefined) {
        const before = input.dataset.before;
        const caret = input.selectionStart;
        if (before[caret] === "." && before.replaceAll(".", "") === input.value.replaceAll(".", "") && caret > 0) {
          input.value = input.value.slice(0, caret - 1) + input.value.slice(caret);
          input.setSelectionRange(caret - 1, caret - 1);
        }
      }
      formatMoney(input, !pasted && input.dataset.understood !== "no");
      input.dataset.before = input.value;
    });
    input.addEventListener("change", () => formatMoney(input, false));
    if (input.value) formatMoney(input, false);
    input.dataset.before = input.value;
  };

  /* ---- Days: dd/mm/yyyy, said in words, with the browser's own calendar ---- */
  const readDay = (text) => {
    const plain = text.trim();
    let parts = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(plain);
    if (parts) parts = [parts[3], parts[2], parts[1]];
    else {
      parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(plain);
      if (!parts) return null;
      parts = parts.slice(1);
    }
    const [y, m, d] = parts.map(Number);
    const day = new Date(Date.UTC(y, m - 1, d));
    return day.getUTCFullYear() === y && day.getUTCMonth() === m - 1 && day.getUTCDate() === d ? day : null;
  };
  const two = (n) => String(n).padStart(2, "0");
  const writeDay = (day) => `${two(day.getUTCDate())}/${two(day.getUTCMonth() + 1)}/${day.getUTCFullYear()}`;
  const long = new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  const date = (input) => {
    if (input.dataset.ready || input.type === "date") return;
    input.dataset.ready = "yes";
    input.autocomplete = "off";
    input.inputMode = "numeric";
    input.placeholder ||= language === "vi" ? "nn/tt/nnnn" : "dd/mm/yyyy";
    const box = make("span", { class: "date-box" });
    input.replaceWith(box);
    const native = make("input", { type: "date", tabindex: "-1", "aria-hidden": "true" });
    const button = make("button", { type: "button", class: "icon-button", "aria-label": words.pickDay ?? "" });
    button.append(sprite(DAYS));
    box.append(input, button, native);
    box.hidden = input.hidden;
    const look = () => {
      const text = input.value.trim();
      if (!text) return tell(input, "", false);
      const day = readDay(text);
      if (!day) return tell(input, words.dateRefused, true);
      input.value = writeDay(day);
      native.value = day.toISOString().slice(0, 10);
      tell(input, long.format(day), false);
    };
    input.addEventListener("input", (event) => {
      if (event.inputType === "insertText" && /^(\d{2}|\d{2}\/\d{2})$/.test(input.value)) input.value += "/";
      if (/^\d{2}\/\d{2}\/\d{4}$/.test(input.value)) look();
    });
    input.addEventListener("change", look);
    button.addEventListener("click", () => native.showPicker?.());
    native.addEventListener("change", () => {
      if (!native.value) return;
      input.value = native.value;
      look();
      input.dispatchEvent(new Event("input", { bubbles: true }));
      input.focus();
    });
    if (input.value) look();
  };

  /* ---- Choice by typing: a combobox after the ARIA pattern ----
     For <select> with many options, and for Flask-Admin's look-ups (hidden input, data-url). */
  const combo = (source) => {
    if (source.dataset.ready || source.disabled) return;
    source.dataset.ready = "yes";
    const remote = source.tagName === "INPUT";
    const several = remote ? source.dataset.multiple === "1" : source.multiple;
    const separator = source.dataset.separator || ",";
    const least = Number(source.dataset.minimumInputLength || 0);
    const blank = remote ? source.dataset.allowBlank : [...source.options].some((o) => o.value === "" || o.value === "__None");
    const empty = (value) => value === "" || value === "__None";
    const id = source.id;
    source.id = `${id}-value`;
    const box = make("div", { class: "combo" });
    const chips = make("ul", { class: "chips", hidden: "" });
    const input = make("input", {
      id, type: "text", class: "input", role: "combobox", autocomplete: "off",
      "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": `${id}-list`,
      placeholder: words.typeToSearch ?? "",
    });
    for (const name of ["aria-describedby", "aria-invalid", "aria-label", "aria-labelledby"]) {
      if (source.hasAttribute(name)) input.setAttribute(name, source.getAttribute(name));
    }
    const list = make("ul", { id: `${id}-list`, class: "combo-list", role: "listbox", hidden: "" });
    const label = document.querySelector(`label[for="${CSS.escape(id)}"]`);
    if (label) list.setAttribute("aria-label", label.firstChild.textContent.trim());
    const clear = make("button", { type: "button", class: "icon-button combo-clear", "aria-label": words.clear ?? "", hidden: "" });
    clear.append(sprite(CROSS));
    source.after(box);
    box.append(chips, input, clear, list, source);
    source.hidden = true;
    let found = [];
    let active = -1;
    let asked = 0;
    let timer = 0;

    let chosen = [];
    if (remote) {
      const kept = JSON.parse(source.dataset.json || "null");
      chosen = several ? (kept ?? []) : kept ? [kept] : [];
    } else chosen = [...source.selectedOptions].filter((o) => !empty(o.value)).map((o) => [o.value, o.text]);

    const store = () => {
      if (remote) source.value = chosen.map(([key]) => key).join(separator);
      else {
        const keys = new Set(chosen.map(([key]) => String(key)));
        for (const option of source.options) option.selected = keys.has(option.value) || (!several && !keys.size && empty(option.value));
      }
      if (!several) input.value = chosen.length ? chosen[0][1] : "";
      clear.hidden = several || !blank || !chosen.length;
      chips.hidden = !several || !chosen.length;
      chips.replaceChildren(
        ...(several ? chosen : []).map(([key, text]) => {
          const chip = make("li", { class: "chip" }, text);
          const off = make("button", { type: "button", "aria-label": `${words.remove}: ${text}` });
          off.append(sprite(CROSS));
          off.addEventListener("click", () => {
            chosen = chosen.filter(([other]) => other !== key);
            store();
            input.focus();
          });
          chip.append(off);
          return chip;
        }),
      );
    };
    const hide = () => {
      list.hidden = true;
      active = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };
    const mark = (index) => {
      active = index;
      for (const [i, item] of all("[role=option]", list).entries()) {
        item.setAttribute("aria-selected", String(i === index));
        if (i === index) {
          item.scrollIntoView({ block: "nearest" });
          input.setAttribute("aria-activedescendant", item.id);
        }
      }
    };
    const show = (options, message = "") => {
      const taken = new Set(several ? chosen.map(([key]) => String(key)) : []);
      found = options.filter(([key]) => !taken.has(String(key))).slice(0, 200);
      list.replaceChildren(
        ...found.map(([, text], i) => make("li", { role: "option", id: `${id}-${i}`, "aria-selected": "false" }, text)),
      );
      if (!found.length) list.append(make("li", { class: "combo-say", role: "option", "aria-disabled": "true" }, message || words.noneFound));
      list.hidden = false;
      input.setAttribute("aria-expanded", "true");
      active = -1;
      if (found.length && input.value && input.value !== chosen[0]?.[1]) mark(0);
    };
    const take = (index) => {
      if (!found[index]) return;
      chosen = several ? [...chosen, found[index]] : [found[index]];
      input.value = "";
      store();
      hide();
      source.dispatchEvent(new Event("change", { bubbles: true }));
    };
    const lookUp = (term) => {
      if (!remote) {
        const parts = fold(term).split(/\s+/).filter(Boolean);
        const options = [...source.options].filter((o) => !empty(o.value)).map((o) => [o.value, o.text]);
        return show(options.filter(([, text]) => parts.every((part) => fold(text).includes(part))));
      }
      clearTimeout(timer);
      if (term.length < least) return show([], words.typeToSearch);
      timer = setTimeout(async () => {
        const mine = (asked += 1);
        show([], words.searching);
        try {
          const address = new URL(source.dataset.url, location.href);
          for (const [name, value] of [["query", term], ["offset", 0], ["limit", 20]]) address.searchParams.set(name, value);
          const reply = await fetch(address, { headers: { "X-Requested-With": "XMLHttpRequest" } });
          if (!reply.ok) throw new Error(reply.status);
          const options = await reply.json();
          if (mine === asked && document.activeElement === input) show(options);
        } catch {
          if (mine === asked) show([], words.searchFailed);
        }
      }, 200);
    };
    input.addEventListener("input", () => lookUp(input.value.trim()));
    input.addEventListener("click", () => list.hidden && lookUp(input.value === chosen[0]?.[1] ? "" : input.value.trim()));
    input.addEventListener("focus", () => !several && input.select());
    input.addEventListener("keydown", (event) => {
      const moves = { ArrowDown: 1, ArrowUp: -1 };
      if (moves[event.key]) {
        event.preventDefault();
        if (list.hidden) lookUp(input.value === chosen[0]?.[1] ? "" : input.value.trim());
        else if (found.length) mark((active + moves[event.key] + found.length) % found.length);
      } else if (event.key === "Enter" && !list.hidden) {
        event.preventDefault();
        take(active);
      } else if (event.key === "Escape" && !list.hidden) {
        event.stopPropagation();
        hide();
        store();
      } else if (event.key === "Backspace" && several && !input.value && chosen.length) {
        chosen = chosen.slice(0, -1);
        store();
      }
    });
    list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      take(all("[role=option]", list).indexOf(event.target.closest("[role=option]")));
    });
    clear.addEventListener("click", () => {
      chosen = [];
      store();
      input.focus();
    });
    input.addEventListener("blur", () => {
      hide();
      if (!several && !input.value.trim() && blank) chosen = [];
      if (!several) store();
      else input.value = "";
    });
    store();
  };
  const MANY = 12;

  const dress = (root) => {
    all("input[data-money]", root).forEach(money);
    all("input[data-date]", root).forEach(date);
    all("input[data-role=select2-ajax]", root).forEach(combo);
    all("select[multiple][data-role=select2], select[data-search]", root).forEach(combo);
    for (const select of all("select[data-role=select2]", root)) if (select.options.length > MANY) combo(select);
  };
  dress(document);
  for (const form of all("form[data-guard]")) guarded.set(form, state(form));
  document.dispatchEvent(new CustomEvent("backoffice:ready"));

  /* For the few scripts of single pages */
  window.backoffice = { readMoney, group, inWords, ask, say, dress, formatMoney };
})();
