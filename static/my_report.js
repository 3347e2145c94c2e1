/* The entry sheet: sums while typing. The copy of what is typed is that of keep.js.
   The server computes everything again; without this script the page works all the same. */
(() => {
  "use strict";
  const form = document.querySelector("form.sheet");
  if (!form) return;
  const { amountOf, group, isUnread, meant, page, setUnit, write } = window.amounts;
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
    const text = `${group(hundredths / 100n, page())}${locale === "en" ? "." : ","}${String(hundredths % 100n).padStart(2, "0")}`;
    return negative && hundredths > 0n ? `-${text}` : text;
  };
  /* A sum without an amount that stands there and cannot be read says that it is not whole */
  const put = (output, text, isWhole) => (output.textContent = isWhole ? text : `${text} (${form.dataset.partly})`);
  const compute = () => {
    const sum = { period: 0n, after: 0n, remaining: 0n };
    let isWhole = true;
    for (const row of form.querySelectorAll("[data-row]")) {
      const of = (name) => row.querySelector(`[data-calc="${name}"]`);
      const amount = (name) => amountOf(of(name));
      const period = amount("advance") + amount("completed") - amount("recovered") - amount("returned") + amount("correction");
      for (const input of row.querySelectorAll('[data-calc]:not([data-calc="correction"], [readonly])')) doubt(row, input);
      const parted = ["advance", "recovered", "returned", "correction"].some((name) => amount(name) !== 0n || isUnread(of(name)));
      for (const part of row.querySelectorAll("[data-name-parted], [data-net-shown]")) part.hidden = !parted;
      for (const part of row.querySelectorAll("[data-name-simple]")) part.hidden = parted;
      const isRead = ![...row.querySelectorAll("[data-calc]")].some(isUnread);
      const plan = BigInt(row.dataset.plan);
      const after = BigInt(row.dataset.before) + period;
      const left = row.querySelector("[data-remaining]");
      put(row.querySelector("[data-net]"), shown(period), isRead);
      put(row.querySelector("[data-after]"), shown(after), isRead);
      put(left, shown(plan - after), isRead);
      left.classList.toggle("over", after > plan);
      put(row.querySelector("[data-rate]"), rate(after, plan), isRead);
      if (row.hasAttribute("data-memo")) continue; // memo sources stand in no total
      isWhole &&= isRead;
      sum.period += period;
      sum.after += after;
      sum.remaining += plan - after;
    }
    for (const output of form.querySelectorAll("[data-sum]")) put(output, shown(sum[output.dataset.sum]), isWhole);
    const note = form.querySelector("[data-partly-note]");
    if (note) note.hidden = isWhole;
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
      window.backoffice.rewrite(form, () => changeUnit(tab.dataset.unit));
      form.dispatchEvent(new Event("keep:changed"));
    });
  }

  form.addEventListener("input", compute);

  const nil = form.elements.nil_report;
  const send = form.querySelector("[data-confirm-nil]");
  if (nil && send) {
    const asks = send.dataset.confirm;
    const fit = () => (send.dataset.confirm = nil.checked ? send.dataset.confirmNil : asks);
    nil.addEventListener("change", fit);
    fit();
  }

  compute();
})();
