/* The entry sheet: sums while typing, keys for accountants, a copy kept until it is saved.
   The server computes everything again; without this script the page works all the same. */
(() => {
  "use strict";
  const form = document.querySelector("form.sheet");
  if (!form) return;
  const locale = document.documentElement.lang === "en" ? "en" : "vi-VN";
  const shown = (value) => new Intl.NumberFormat(locale).format(value);
  const unit = form.dataset.unit;
  const read = (input) => {
    const text = input?.value ?? "";
    if (!text.trim()) return 0n;
    const digits = unit === "dong" ? window.backoffice.readMoney(text) : window.backoffice.inDong(text, unit);
    return digits && /^-?\d{1,15}$/.test(digits) ? BigInt(digits) : 0n;
  };
  /* The question of the thousandfold slip (V8), asked at once with the likely figure to take */
  const SUSPECT = 500n;
  const written = (dong) => {
    if (unit === "dong") return String(dong).replace(/\B(?=(\d{3})+(?!\d))/g, ".");
    const places = { nghin: 3, trieu: 6 }[unit];
    const digits = String(dong).padStart(places + 1, "0");
    const decimals = digits.slice(-places).replace(/0+$/, "");
    return digits.slice(0, -places) + (decimals ? `,${decimals}` : "");
  };
  const doubt = (row, input) => {
    const amount = read(input);
    const plan = BigInt(row.dataset.plan);
    const last = BigInt(row.dataset.last || 0);
    const large = amount > 0n && ((plan > 0n && amount >= SUSPECT * plan) || (last > 0n && amount >= SUSPECT * last && amount >= plan && plan > 0n));
    const small = amount > 0n && amount < 1000000n && last >= SUSPECT * amount;
    let box = document.getElementById(`${input.id}-doubt`);
    if (!large && !small) return box?.remove();
    const meant = large ? amount / 1000n : amount * 1000n;
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
    take.textContent = form.dataset.doubtTake.replace("{amount}", shown(meant));
    take.addEventListener("click", () => {
      input.value = written(meant);
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
      const amount = (name) => read(row.querySelector(`[data-calc="${name}"]`));
      const period = amount("advance") + amount("completed") - amount("recovered") - amount("returned") + amount("correction");
      for (const input of row.querySelectorAll('[data-calc]:not([data-calc="correction"])')) doubt(row, input);
      const plan = BigInt(row.dataset.plan);
      const after = BigInt(row.dataset.before) + period;
      row.querySelector("[data-after]").textContent = shown(after);
      const left = row.querySelector("[data-remaining]");
      left.textContent = shown(plan - after);
      left.classList.toggle("over", after > plan);
      row.querySelector("[data-rate]").textContent = rate(after, plan);
      sum.period += period;
      sum.after += after;
      sum.remaining += plan - after;
    }
    for (const output of form.querySelectorAll("[data-sum]")) output.textContent = shown(sum[output.dataset.sum]);
  };

  const key = `sheet:${form.dataset.sheet}`;
  const version = form.elements.version.value;
  const values = () =>
    Object.fromEntries([...new FormData(form)].filter(([name]) => !["csrf_token", "form_key", "version"].includes(name)));
  let timer;
  form.addEventListener("input", () => {
    compute();
    clearTimeout(timer);
    timer = setTimeout(() => {
      try {
        localStorage.setItem(key, JSON.stringify({ at: Date.now(), version, values: values() }));
      } catch { /* a full or forbidden store only means there is no copy */ }
    }, 500);
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
  const same = kept && JSON.stringify(kept.values) === JSON.stringify(values());
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
      for (const input of form.elements) {
        if (!input.name || ["hidden", "submit"].includes(input.type)) continue;
        if (input.type === "checkbox") input.checked = input.name in kept.values;
        else if (input.name in kept.values) input.value = kept.values[input.name];
      }
      compute();
    };
    box.append(text, button(form.dataset.draftBack, back), button(form.dataset.draftDrop, () => localStorage.removeItem(key)));
    form.before(box);
  } else if (kept) {
    localStorage.removeItem(key);
  }
  compute();
})();
