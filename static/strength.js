/* How strong a new password is, said beside it while it is typed. The server judges, by the rules
   that decide afterwards; where it does not answer, nothing is said and nothing is held up. */
(() => {
  "use strict";
  const line = document.querySelector("[data-strength]");
  const input = line && document.getElementById(line.dataset.strength);
  if (!input) return;
  const meter = line.querySelector("meter");
  const words = line.querySelector("span");
  let timer, asked;
  const show = (told) => {
    line.hidden = !told;
    if (!told) return;
    meter.value = told.level;
    words.textContent = told.text;
  };
  const ask = async () => {
    asked?.abort();
    if (!input.value) return show(null);
    asked = new AbortController();
    const body = new FormData();
    body.set("csrf_token", input.form.elements.csrf_token.value);
    body.set("new", input.value);
    try {
      const reply = await fetch(line.dataset.url, { method: "POST", body, signal: asked.signal });
      show(reply.ok ? await reply.json() : null);
    } catch (error) {
      if (error.name !== "AbortError") show(null);
    }
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 300);
  });
})();
