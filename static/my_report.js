/* The entry sheet: sums while typing, keys for accountants, a copy kept until it is saved.
   The server computes everything again; without this script the page works all the same. */
(() => {
  "use strict";
  const form = document.querySelector("form.sheet");
  if (!form) return;
  const { amountOf, group, meant, page, setUnit, write, read, settle } = window.amounts;
  const language = page();
  const locale = language === "en" ? "en" : "vi-VN";
  const shown = (value) => group(value, language);
  const unit = form.elements.unit;
  /* The question of the thousandfold slip (V8), asked at once with the likely figure to take;
     the numbers of the rule come with the page */
  const ratio = BigInt(form.dataset.suspectRatio);
  const slip = BigInt(form.dataset.slip);
  const doubt = (row, input) => {
    const amount = amountOf(input);
    const [plan, last] = [BigInt(row.dataset.plan), BigInt(row.dataset.last || 0)];
    const instead = meant(amount, { plan, last, ratio, slip });
    let box = document.getElementById(`${input.id}-doubt`);
    if (instead === null) return box?.remove();
    if (!box) {
      box = document.createElement("p");
      box.id = `${input.id}-doubt`;
      box.className = "doubt";
      box.setAttribute("role", "status");
      input.after(box);
    }
    const take = document.createElement("button");
    take.type = "button";
    take.className = "btn btn-small";
    take.textContent = form.dataset.doubtTake.replace("{amount}", shown(instead));
    take.addEventListener("click", () => {
      input.value = write(instead, unit.value, language);
      input.dispatchEvent(new Event("input", { bubbles: true }));
      input.focus();
    });
    box.replaceChildren(form.dataset.doubtAsk.replace("{amount}", shown(amount)).replace("{plan}", shown(plan)).replace("{last}", shown(last)), " ", take);
  };
  /* part / whole in hundredths of a percent, half-up, as on the server */
  const rate = (part, whole) => {
    if (whole === 0n) return "–";
    const negative = part < 0n;
    const hundredths = ((negative ? -part : part) * 20000n + whole) / (whole * 2n);
    const text = `${hundredths / 100n}${locale === "en" ? "." : ","}${String(hundredths % 100n).padStart(2, "0")}`;
    return negative && hundredths > 0n ? `-${text}` : text;
  };
  const compute = () => {
    const sum = { period: 0n, after: 0n, remaining: 0n };
    for (const row of form.querySelectorAll("[data-row]")) {
      const amount = (name) => amountOf(row.querySelector(`[data-calc="${name}"]`));
      const period = amount("advance") + amount("completed") - amount("recovered") - amount("returned") + amount("correction");
      for (const input of row.querySelectorAll('[data-calc]:not([data-calc="correction"])')) doubt(row, input);
      const parted = ["advance", "recovered", "returned", "correction"].some((name) => amount(name) !== 0n);
      for (const part of row.querySelectorAll("[data-name-parted], [data-net-shown]")) part.hidden = !parted;
      for (const part of row.querySelectorAll("[data-name-simple]")) part.hidden = parted;
      const net = row.querySelector("[data-net]");
      if (net) net.textContent = shown(period);
      const plan = BigInt(row.dataset.plan);
      const after = BigInt(row.dataset.before) + period;
      row.querySelector("[data-after]").textContent = shown(after);
      const left = row.querySelector("[data-remaining]");
      left.textContent = shown(plan - after);
      left.classList.toggle("over", after > plan);
      row.querySelector("[data-rate]").textContent = rate(after, plan);
      if (row.hasAttribute("data-memo")) continue; // memo sources stand in no total
      sum.period += period;
      sum.after += after;
      sum.remaining += plan - after;
    }
    for (const output of form.querySelectorAll("[data-sum]")) output.textContent = shown(sum[output.dataset.sum]);
  };

  /* The unit of typing, switched in place: what is typed is converted, nothing is sent. The page
     remembers it with the next saving. */
  const amounts = () => [...form.querySelectorAll("[data-money]")];
  const tabs = [...document.querySelectorAll(".units a[data-unit]")];
  const changeUnit = (code) => {
    setUnit(amounts(), code);
    unit.value = code;
    for (const tab of tabs) {
      if (tab.dataset.unit !== code) tab.removeAttribute("aria-current");
      else {
        tab.setAttribute("aria-current", "page");
        for (const word of form.querySelectorAll("[data-unit-word]")) word.textContent = tab.textContent;
      }
    }
    compute();
  };
  for (const tab of tabs) {
    tab.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      changeUnit(tab.dataset.unit);
      keep();
    });
  }

  const key = `sheet:${form.dataset.sheet}`;
  const version = form.elements.version.value;
  const values = () =>
    Object.fromEntries([...new FormData(form)].filter(([name]) => !["csrf_token", "form_key", "version"].includes(name)));
  /* A copy in the browser knows in which unit and with which marks its amounts were typed */
  const keep = () => {
    try {
      localStorage.setItem(key, JSON.stringify({ at: Date.now(), version, language, values: values() }));
    } catch { /* a full or forbidden store only means there is no copy */ }
  };
  /* What a copy means, whatever its unit: two copies that mean the same are the same */
  const meaning = (copy, marks) =>
    JSON.stringify(
      Object.entries(copy)
        .filter(([name]) => name !== "unit")
        .map(([name, text]) => {
          const isAmount = form.elements[name]?.hasAttribute?.("data-money");
          const dong = isAmount ? read(text, copy.unit ?? "dong", marks).dong : undefined;
          return [name, dong === undefined ? text : String(dong)];
        }),
    );
  let timer;
  form.addEventListener("input", () => {
    compute();
    clearTimeout(timer);
    timer = setTimeout(keep, 500);
  });

  form.addEventListener("keydown", (event) => {
    if (event.key === "s" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.querySelector('[value="save"]')?.click();
    }
    if (event.key === "Enter" && event.target.matches("input")) {
      event.preventDefault();
      const fields = [...form.querySelectorAll("[data-money]")].filter((each) => !each.closest("details:not([open])"));
      fields[fields.indexOf(event.target) + 1]?.focus();
    }
  });

  const nil = form.elements.nil_report;
  const send = form.querySelector("[data-confirm-nil]");
  if (nil && send) {
    const asks = send.dataset.confirm;
    const fit = () => (send.dataset.confirm = nil.checked ? send.dataset.confirmNil : asks);
    nil.addEventListener("change", fit);
    fit();
  }

  const kept = (() => {
    try {
      return JSON.parse(localStorage.getItem(key) ?? "null");
    } catch {
      return null;
    }
  })();
  const marks = kept?.language ?? language;
  const same = kept && meaning(kept.values, marks) === meaning(values(), language);
  if (kept && kept.version === version && !same && form.querySelector('[value="save"]')) {
    const box = document.createElement("div");
    box.className = "flash flash-warn";
    box.setAttribute("role", "status");
    const text = document.createElement("p");
    text.textContent = form.dataset.draftFound.replace("{when}", new Date(kept.at).toLocaleString(locale));
    const button = (label, act) => {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "btn btn-quiet btn-small";
      made.textContent = label;
      made.addEventListener("click", () => {
        act();
        box.remove();
      });
      return made;
    };
    const back = () => {
      const copied = kept.values.unit ?? unit.value;
      if (copied !== unit.value) changeUnit(copied);
      for (const input of form.elements) {
        if (!input.name || ["hidden", "submit"].includes(input.type)) continue;
        if (input.type === "checkbox") input.checked = input.name in kept.values;
        else if (input.name in kept.values) {
          const text = kept.values[input.name];
          const isAmount = input.hasAttribute("data-money");
          const dong = isAmount && marks !== language ? read(text, copied, marks).dong : undefined;
          input.value = dong === undefined ? text : write(dong, copied, language);
          if (isAmount) settle(input);
        }
      }
      compute();
    };
    box.append(text, button(form.dataset.draftBack, back), button(form.dataset.draftDrop, () => localStorage.removeItem(key)));
    form.before(box);
  } else if (kept) {
    localStorage.removeItem(key);
  }
  /* what could not be read is stored nowhere but here */
  if ("kept" in form.dataset) keep();
  compute();
})();
