/* Texts with a limit: counted while they are typed, never cut. The server refuses one that is too
   long and keeps it, so a pasted text is shortened by its author. */
(() => {
  "use strict";
  const words = () => document.getElementById("words")?.dataset ?? {};
  /* as the server counts: composed letters, one sign for a line end, nothing around the text */
  const lengthOf = (text) => [...text.replace(/\r\n?/g, "\n").trim().normalize("NFC")].length;
  const look = (field) => {
    const most = Number(field.dataset.most);
    const length = lengthOf(field.value);
    let line = document.getElementById(`${field.id}-count`);
    if (length < most * 0.8) return line?.remove();
    if (!line) {
      line = document.createElement("p");
      line.id = `${field.id}-count`;
      line.className = "echo";
      line.setAttribute("aria-live", "polite");
      field.after(line);
    }
    line.classList.toggle("echo-bad", length > most);
    line.textContent = ((length > most ? words().textLong : words().textLength) ?? "{length} / {most}")
      .replace("{length}", length)
      .replace("{most}", most);
  };
  const field = (input) => {
    if (input.dataset.counted || !input.id) return;
    input.dataset.counted = "yes";
    input.addEventListener("input", () => look(input));
    look(input);
  };
  window.lengths = { field, lengthOf };
})();
