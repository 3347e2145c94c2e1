/* Sending, session and keys: before a form is sent this page asks whether the server is there and
   who is signed in, so that a cut network or an ended session never costs what was typed.
   Without this script forms are sent as ever. */
(() => {
  "use strict";
  const person = document.body.dataset.person;
  const keep = window.keep;
  if (!person || !keep) return;
  const { make, words } = keep;
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const ANSWER = 12000; /* ms until a hanging question counts as unanswered */
  const WAIT = 800; /* ms until somebody is told that the sending goes on */
  const SLOW = 15000; /* ms until a hanging sending gives the button back */

  /* ---- One line at the foot of the page, read aloud ---- */
  const say = (text, { link = null, lasts = 0 } = {}) => {
    document.getElementById("kept-said")?.remove();
    const line = make("div", { id: "kept-said", class: "kept-said", role: "alert" });
    line.append(make("span", {}, text));
    if (link) {
      const made = make("a", { class: "btn btn-small btn-primary", href: link.href, "data-leave-freely": "" }, link.text);
      if (link.act) made.addEventListener("click", link.act);
      line.append(made);
    }
    const off = make("button", { type: "button", class: "btn btn-quiet btn-small" }, words.close);
    off.addEventListener("click", () => line.remove());
    line.append(off);
    document.body.append(line);
    if (lasts) setTimeout(() => line.remove(), lasts);
    return line;
  };
  document.addEventListener("keep:say", (event) => say(event.detail, { lasts: 8000 }));
  for (const text of keep.said) say(text, { lasts: 8000 });

  /* ---- Who is signed in? ---- */
  let last = Date.now();
  const ask = async () => {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), ANSWER);
    try {
      const reply = await fetch("/session", { cache: "no-store", signal: stop.signal, headers: { "X-Requested-With": "fetch" } });
      if (reply.status === 401) return { state: "gone" };
      if (!reply.ok) return { state: "away" };
      const found = await reply.json();
      last = Date.now();
      for (const input of all("input[name=csrf_token]")) input.value = found.csrf;
      return { state: found.person === person ? "here" : "other", name: found.name };
    } catch {
      return { state: navigator.onLine === false ? "offline" : "away" };
    } finally {
      clearTimeout(timer);
    }
  };
  const signIn = (form) => {
    const here = location.pathname + location.search;
    const asked = form?.dataset.page || document.body.dataset.page || here;
    return {
      href: `/login?next=${encodeURIComponent(asked)}`,
      text: words.signIn,
      act: () => {
        for (const each of keep.states.keys()) keep.mark(each, { resume: true });
      },
    };
  };
  const refuse = (form, found) => {
    keep.mark(form, { sent: false });
    const text = { gone: words.gone, other: words.other.replace("{name}", found.name ?? ""), offline: words.offline, away: words.away }[found.state];
    say(text, { link: found.state === "gone" || found.state === "other" ? signIn(form) : null });
  };
  const free = () => document.dispatchEvent(new Event("keep:free"));

  /* ---- Sending ---- */
  const sending = document.getElementById("words").dataset.sending;
  let slow, wait, goesOn;
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (event.defaultPrevented || !keep.states.has(form)) return;
    event.preventDefault();
    const button = event.submitter;
    clearTimeout(wait);
    wait = setTimeout(() => (goesOn = say(sending)), WAIT);
    const found = await ask();
    if (found.state !== "here") {
      clearTimeout(wait);
      refuse(form, found);
      free();
      button?.focus({ preventScroll: true });
      return;
    }
    const carried = [["keep_copy", keep.copyId(form)]];
    if (button?.name) carried.push([button.name, button.value]);
    const inputs = carried.map(([name, value]) => {
      const input = make("input", { type: "hidden", name });
      input.value = value;
      form.append(input);
      return input;
    });
    keep.mark(form, { sent: true });
    if (button?.value !== "send") remember(form); /* of what was sent the receipt on top is looked for */
    /* submit() does not know of the button's own address; a button named action hides form.action */
    const address = form.getAttribute("action");
    if (button?.hasAttribute("formaction")) form.setAttribute("action", button.getAttribute("formaction"));
    HTMLFormElement.prototype.submit.call(form);
    if (address === null) form.removeAttribute("action");
    else form.setAttribute("action", address);
    for (const input of inputs) input.remove();
    clearTimeout(slow);
    slow = setTimeout(() => {
      say(words.slow);
      free();
    }, SLOW);
  });
  /* a page that was left and comes back from memory is free to be sent again */
  const rest = () => {
    clearTimeout(slow);
    clearTimeout(wait);
    goesOn?.remove();
  };
  window.addEventListener("pageshow", rest);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && slow) {
      rest();
      window.stop();
      free();
    }
  });
  window.addEventListener("offline", () => say(words.offline));
  window.addEventListener("online", () => say(words.online, { lasts: 4000 }));

  /* ---- Idle time: typing counts as being there; before it ends a word ---- */
  const idle = Number(document.body.dataset.idle || 0) * 60000;
  const early = Math.min(5 * 60000, idle / 3);
  let typed = 0;
  let warned = false;
  document.addEventListener("input", () => {
    typed = Date.now();
    if (Date.now() - last > Math.min(180000, idle / 4)) {
      last = Date.now();
      ask().then((found) => found.state === "gone" && refuse(null, found));
    }
  });
  const look = () => {
    const left = last + idle - Date.now();
    if (idle && left <= 0 && warned !== "gone") {
      ask().then((found) => {
        if (found.state !== "gone" && found.state !== "other") return;
        warned = "gone";
        refuse([...keep.states.keys()][0], found);
      });
    } else if (idle && left < early && left > 0 && !warned) {
      warned = true;
      say(words.soon.replace("{minutes}", Math.max(1, Math.round(left / 60000))), {
        link: {
          href: "#",
          text: words.stay,
          act: (event) => {
            event.preventDefault();
            ask().then((found) => {
              warned = false;
              if (found.state === "here") document.getElementById("kept-said")?.remove();
              else refuse(null, found);
            });
          },
        },
      });
    }
  };
  setInterval(look, Math.min(20000, Math.max(1000, idle / 20)));
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());

  /* ---- Keys: Ctrl+S saves what can be saved, Enter goes to the next field of a sheet ---- */
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    const form = document.activeElement?.form ?? [...keep.states.keys()].find((each) => each.matches(".sheet, .admin-form, [data-guard]")) ?? [...keep.states.keys()][0];
    if (!form || !keep.states.has(form)) return;
    event.preventDefault();
    const draft = form.querySelector('[name=action][value="save"]');
    if (draft) return draft.click();
    if (form.matches(".admin-form, [data-guard]:not(.sheet):not([data-act])")) return form.querySelector("button.btn-primary, button:not([type=button])")?.click();
    /* an act is not carried out by a key: what is typed is kept, and said to be */
    keep.mark(form, {});
    say(words.keptHere, { lasts: 6000 });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !event.target.matches("form.sheet input:not([type=submit]), form[data-enter-next] input")) return;
    if (event.target.getAttribute("role") === "combobox") return;
    event.preventDefault();
    const fields = [...event.target.form.elements].filter((each) => each.matches("input:not([type=hidden]):not([type=checkbox]):not([tabindex='-1']), textarea, select") && !each.disabled && !each.readOnly && each.offsetParent !== null && !each.closest("details:not([open])"));
    const next = fields[fields.indexOf(event.target) + 1];
    next?.focus();
    if (next?.select && next.tagName === "INPUT") next.select();
  });

  /* ---- Where the eye was: after saving, and at the field of an error ---- */
  const SPOT = "keep-spot";
  const remember = (form) => {
    const active = document.activeElement;
    const spot = { path: location.pathname, y: window.scrollY, id: form.contains(active) && !active.matches("button") ? active.id : "", at: Date.now() };
    try {
      sessionStorage.setItem(SPOT, JSON.stringify(spot));
    } catch { /* then the page begins at its top */ }
  };
  const show = (field) => {
    for (let box = field.closest("details"); box; box = box.parentElement?.closest("details")) box.open = true;
    field.focus({ preventScroll: true });
    field.scrollIntoView({ block: "center" });
  };
  const wrong = () => {
    const marked = document.querySelector("main [aria-invalid=true]:not([hidden])");
    if (marked) return marked;
    for (const link of all("[data-error-summary] a[href^='#']")) {
      const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
      const field = target?.matches("input, textarea, select") ? target : null;
      if (field) return field;
    }
    return null;
  };
  let spot = null;
  try {
    spot = JSON.parse(sessionStorage.getItem(SPOT) ?? "null");
    sessionStorage.removeItem(SPOT);
  } catch { /* as above */ }
  const field = wrong();
  if (field && document.querySelector("[data-error-summary]")) show(field);
  else if (spot && spot.path === location.pathname && Date.now() - spot.at < 120000 && !document.querySelector("[data-error-summary]")) {
    document.getElementById(spot.id)?.focus({ preventScroll: true });
    window.scrollTo(0, spot.y);
    const told = document.querySelector("main .flash-ok p");
    if (told && spot.y > 200) say(told.textContent.trim(), { lasts: 6000 });
  }
  /* on a phone the keyboard covers half of the page: the field is brought above it */
  window.visualViewport?.addEventListener("resize", () => {
    const active = document.activeElement;
    if (!active?.matches("input, textarea, select")) return;
    const box = active.getBoundingClientRect();
    if (box.bottom > window.visualViewport.height - 60 || box.top < 60) active.scrollIntoView({ block: "center" });
  });
})();
