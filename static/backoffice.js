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

  /* A field left empty is asked for in the language of the page, not in that of the browser */
  document.addEventListener("invalid", ({ target }) => {
    if (target.validity.valueMissing && words.required) target.setCustomValidity(words.required);
  }, true);
  document.addEventListener("click", (event) => {
    for (const field of event.target.closest("button")?.form?.elements ?? []) field.setCustomValidity("");
  }, true);

  /* a menu longer than the screen shows where one is */
  const here = side?.querySelector("[aria-current]");
  if (here && side.scrollHeight > side.clientHeight) {
    const low = here.offsetTop + here.offsetHeight;
    if (low > side.clientHeight) side.scrollTop = low - side.clientHeight / 2;
  }

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
        if (!form.dataset.sent) return; /* given back meanwhile */
        for (const each of buttonsOf(form)) each.setAttribute("aria-disabled", "true");
      });
    }
    leaving = true;
  });
  const buttonsOf = (form) => [...form.elements].filter((each) => each.type === "submit");
  const release = () => {
    leaving = false;
    for (const form of all("form")) {
      delete form.dataset.sent;
      for (const button of buttonsOf(form)) button.removeAttribute("aria-disabled");
      if (form.hasAttribute("data-drop-empty")) {
        for (const input of form.elements) if (!input.hidden) input.disabled = false;
      }
    }
  };
  window.addEventListener("pageshow", release);
  document.addEventListener("keep:free", release);
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
    for (const strip of strips) more(strip);
  };
  /* on a phone what goes on beyond the right edge fades out there, so that nothing looks whole */
  const strips = all(".table-region, .tabs");
  const more = (strip) => strip.toggleAttribute("data-more", strip.scrollWidth - strip.clientWidth - strip.scrollLeft > 2);
  for (const strip of strips) strip.addEventListener("scroll", () => more(strip), { passive: true });
  regions();
  window.addEventListener("resize", regions);

  /* ---- Amounts live in amounts.js ---- */
  const { fold, tell } = window.amounts;

  /* ---- Days: dd/mm/yyyy, said in words, with the browser's own calendar ---- */
  /* as models/reading.py reads them, within the same years */
  const readDay = (text) => {
    let plain = window.amounts.plain(text);
    if (/^[nm]/i.test(plain) || /[^\x00-\x7f]/.test(plain)) {
      plain = plain.toLowerCase().replace(/\s+/g, " ").replace(/^(?:ng[àa]y )?(?:m[ùồuo]ng )?(?=\d)/, "");
    }
    let parts = /^(\d{1,2}) ?[/.-] ?(\d{1,2}) ?[/.-] ?(\d{4})$/.exec(plain)
      ?? /^(\d{1,2}) th[áa]ng (\d{1,2}),? n[ăa]m (\d{4})$/.exec(plain);
    if (parts) parts = [parts[3], parts[2], parts[1]];
    else {
      parts = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(plain);
      if (!parts) return null;
      parts = parts.slice(1);
    }
    const [y, m, d] = parts.map(Number);
    const day = new Date(Date.UTC(y, m - 1, d));
    const fits = day.getUTCFullYear() === y && day.getUTCMonth() === m - 1 && day.getUTCDate() === d;
    return fits && y >= 1990 && y <= 2100 ? day : null;
  };
  const two = (n) => String(n).padStart(2, "0");
  const writeDay = (day) => `${two(day.getUTCDate())}/${two(day.getUTCMonth() + 1)}/${day.getUTCFullYear()}`;
  const long = new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  const weekday = new Intl.DateTimeFormat(language, { weekday: "long", timeZone: "UTC" });
  const sayDay = (day) =>
    language === "vi"
      ? `${weekday.format(day)}, ngày ${day.getUTCDate()} tháng ${day.getUTCMonth() + 1} năm ${day.getUTCFullYear()}`
      : long.format(day);
  /* Figures alone get their slashes; who types marks, or the year first, keeps what was typed */
  const slashes = (input) => {
    if (/^\d{3}$/.test(input.value)) {
      input.value = `${input.value.slice(0, 2)}/${input.value[2]}`;
      input.dataset.slashed = "yes";
    } else if (/^\d{2}\/\d{3}$/.test(input.value)) {
      input.value = `${input.value.slice(0, 5)}/${input.value[5]}`;
    } else if (input.dataset.slashed && /^\d{2}\/(\d{2}-|(1[3-9]|[2-9]\d)[/.])$/.test(input.value)) {
      input.value = input.value.replace("/", "");
      delete input.dataset.slashed;
    } else if (!input.value.includes("/")) delete input.dataset.slashed;
  };
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
      tell(input, sayDay(day), false);
    };
    input.addEventListener("input", (event) => {
      if (event.isComposing) return;
      if (event.inputType === "insertText") slashes(input);
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
    input.dataset.served = input.value;
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
      /* what is chosen, whatever is being typed: for the copy of keep.js */
      input.dataset.chosen = several ? "" : (chosen[0]?.[1] ?? "");
      if (!several) input.value = input.dataset.chosen;
      clear.hidden = several || !blank || !chosen.length;
      chips.hidden = !several || !chosen.length;
      chips.replaceChildren(
        ...(several ? chosen : []).map(([key, text]) => {
          const chip = make("li", { class: "chip" }, text);
          const off = make("button", { type: "button", "aria-label": `${words.remove}: ${text}` });
          off.append(sprite(CROSS));
          off.addEventListener("click", () => {
            choose(chosen.filter(([other]) => other !== key));
            input.focus();
          });
          chip.append(off);
          return chip;
        }),
      );
    };
    const choose = (pairs) => {
      chosen = pairs;
      store();
      source.dispatchEvent(new Event("change", { bubbles: true }));
    };
    source.addEventListener("keep:put", (event) => {
      chosen = event.detail;
      store();
    });
    const hide = () => {
      clearTimeout(timer);
      asked += 1; /* an answer that is under way comes too late */
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
      input.value = "";
      choose(several ? [...chosen, found[index]] : [found[index]]);
      hide();
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
      if (event.isComposing) return; /* the key is that of an input method */
      const moves = { ArrowDown: 1, ArrowUp: -1 };
      if (moves[event.key]) {
        event.preventDefault();
        if (list.hidden) lookUp(input.value === chosen[0]?.[1] ? "" : input.value.trim());
        else if (found.length) mark((active + moves[event.key] + found.length) % found.length);
      } else if (event.key === "Enter" && (!list.hidden || input.value !== input.dataset.chosen)) {
        event.preventDefault(); /* a form is not sent with a search that chose nothing yet */
        take(active);
      } else if (event.key === "Escape" && !list.hidden) {
        event.stopPropagation();
        hide();
        store();
      } else if (event.key === "Backspace" && several && !input.value && chosen.length) {
        choose(chosen.slice(0, -1));
      }
    });
    list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      take(all("[role=option]", list).indexOf(event.target.closest("[role=option]")));
    });
    clear.addEventListener("click", () => {
      choose([]);
      input.focus();
    });
    input.addEventListener("blur", () => {
      hide();
      if (several) input.value = "";
      else if (chosen.length && !input.value.trim() && blank) choose([]);
      else store();
    });
    store();
  };
  /* ---- A file: a browser words its own button in its own language, this one in that of the page ---- */
  const file = (input) => {
    if (input.dataset.ready || !words.chooseFile) return;
    input.dataset.ready = "yes";
    const name = make("span", { class: "file-name" });
    const look = () => (name.textContent = [...input.files].map((one) => one.name).join(", ") || words.noFile);
    const box = make("span", { class: "file-box" });
    input.replaceWith(box);
    box.append(input, make("span", { class: "btn", "aria-hidden": "true" }, words.chooseFile), name);
    input.addEventListener("change", look);
    window.addEventListener("pageshow", look);
    look();
  };
  const MANY = 12;

  const dress = (root) => {
    all("input[data-money]", root).forEach(window.amounts.field);
    all("[data-most]", root).forEach(window.lengths.field);
    all("input[data-date]", root).forEach(date);
    all("input[type=file]", root).forEach(file);
    all("input[data-role=select2-ajax]", root).forEach(combo);
    all("select[multiple][data-role=select2], select[data-search]", root).forEach(combo);
    for (const select of all("select[data-role=select2]", root)) if (select.options.length > MANY) combo(select);
  };
  dress(document);
  for (const form of all("form[data-guard]")) guarded.set(form, state(form));
  document.dispatchEvent(new CustomEvent("backoffice:ready"));

  /* For the few scripts of single pages */
  /* carries out what changes only how the content of a form is written: it is no change to lose */
  const rewrite = (form, act) => {
    const untouched = guarded.get(form) === state(form);
    act();
    if (untouched) guarded.set(form, state(form));
  };
  window.backoffice = { ask, say, dress, rewrite };
})();
