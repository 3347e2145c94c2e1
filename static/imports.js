/* Imports: looks whether a file is read, keeps a file that is too large at home, shows a cell in
   the picture of its sheet. The pages work without it. */
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  /* ---- A file is being read: look again until it is done, then show the page as it stands ---- */
  const ARRIVED = "import-arrived";
  const reading = document.querySelector("[data-reading]");
  if (reading) {
    const line = reading.querySelector("[data-reading-said]");
    const begun = Date.now();
    let wait = 400;
    const look = async () => {
      try {
        const reply = await fetch(reading.dataset.reading, { cache: "no-store", headers: { "X-Requested-With": "fetch" } });
        if (reply.status === 401 || reply.status === 403 || reply.status === 404) return location.reload();
        if (!reply.ok) throw new Error(String(reply.status));
        if ((await reply.json()).status !== "reading") {
          try {
            sessionStorage.setItem(ARRIVED, location.pathname);
          } catch { /* then the page begins at its top */ }
          return location.replace(location.pathname + location.search);
        }
        if (Date.now() - begun > 8000) line.textContent = reading.dataset.slow;
      } catch {
        line.textContent = reading.dataset.gone;
        wait = 3000;
      }
      wait = Math.min(wait * 1.25, 3000);
      setTimeout(look, wait);
    };
    setTimeout(look, wait);
  }
  let arrived = null;
  try {
    arrived = sessionStorage.getItem(ARRIVED);
    if (!reading) sessionStorage.removeItem(ARRIVED);
  } catch { /* as above */ }
  const standing = document.getElementById("standing");
  if (standing && !reading && arrived === location.pathname && !document.querySelector("[data-error-summary]")) {
    standing.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }

  /* ---- The form of a new import ---- */
  const form = document.querySelector("form[data-upload]");
  if (form) {
    const file = form.elements.file;
    const box = file.closest(".pick-file");
    const line = form.querySelector("[data-file-said]");
    const words = form.dataset;
    const LOST = "import-file";
    const say = (text) => {
      line.textContent = text;
      line.hidden = !text;
      box.classList.toggle("has-error", Boolean(text));
      if (text) file.setAttribute("aria-invalid", "true");
      else file.removeAttribute("aria-invalid");
    };
    const wrong = () => {
      if (!file.files.length) return words.choose;
      return file.files[0].size > Number(words.largest) ? words.tooLarge : "";
    };
    const name = (value) => {
      try {
        if (value === null) sessionStorage.removeItem(LOST);
        else sessionStorage.setItem(LOST, value);
      } catch { /* then nothing is said of it later */ }
    };
    file.addEventListener("change", () => {
      const old = document.getElementById("file-error");
      if (old) old.hidden = true;
      say(file.files.length ? wrong() : "");
      if (file.files.length) name(file.files[0].name);
    });
    /* before anything else looks at the sending */
    document.addEventListener("submit", (event) => {
      if (event.target !== form) return;
      const text = wrong();
      if (!text) {
        form.querySelector("[data-upload-said]").textContent = words.sending;
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      say(text);
      file.focus();
    }, true);
    document.addEventListener("keep:free", () => { form.querySelector("[data-upload-said]").textContent = ""; });
    for (const kind of ["dragenter", "dragover"]) box.addEventListener(kind, () => box.classList.add("over"));
    for (const kind of ["dragleave", "drop"]) box.addEventListener(kind, () => box.classList.remove("over"));
    /* after signing in anew the typed choices come back, a file does not */
    let lost = null;
    try {
      lost = sessionStorage.getItem(LOST);
    } catch { /* as above */ }
    if (lost && !file.files.length && document.referrer.includes("/login")) say(words.lost.replace("{name}", lost));
    name(null);
    const kinds = all("[data-kind]", form);
    const fit = () => {
      const chosen = kinds.find((one) => one.checked)?.value ?? form.elements.kind?.value;
      for (const part of all("[data-for-kind]", form)) part.hidden = !part.dataset.forKind.split(" ").includes(chosen);
    };
    for (const one of kinds) one.addEventListener("change", fit);
    fit();
  }

  /* ---- Columns: of which capital is asked of amounts alone; what was changed is marked ---- */
  const ofCapital = new Set(document.getElementById("answers")?.dataset.ofCapitalMeanings.split(" "));
  for (const select of all("[data-meaning]")) {
    const of = select.parentElement.querySelector("[data-of-capital]");
    const isAmount = !("notYet" in of.dataset);
    const fit = () => { of.hidden = !(select.value === "" ? isAmount : ofCapital.has(select.value)); };
    fit();
    select.addEventListener("change", fit);
    for (const one of [select, ...all("select", of)]) {
      const first = one.value;
      one.addEventListener("change", () => one.classList.toggle("changed-choice", one.value !== first));
    }
  }

  /* ---- Something else may be typed: typing chooses it ---- */
  for (const radio of all("[data-free]")) {
    const input = document.getElementById(radio.dataset.free);
    input?.addEventListener("input", () => {
      if (input.value) radio.checked = true;
    });
    radio.addEventListener("change", () => radio.checked && input?.focus());
  }

  /* ---- A way to a cell: in the middle of its picture, and marked for a while ---- */
  const show = (id) => {
    const cell = document.getElementById(id);
    const region = cell?.closest(".table-region");
    if (!region) return false;
    for (let box = cell.closest("details"); box; box = box.parentElement?.closest("details")) box.open = true;
    for (const old of all(".shown-now")) old.classList.remove("shown-now");
    cell.classList.add("shown-now");
    region.scrollTo({ left: cell.offsetLeft - region.clientWidth / 2, top: cell.offsetTop - region.clientHeight / 2 });
    region.scrollIntoView({ block: "nearest" });
    region.focus({ preventScroll: true });
    return true;
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-cell]");
    if (link && show(link.hash.slice(1))) event.preventDefault();
  });
})();
