/* What the pages need of a script, and no more: they work without it, only less comfortably. */
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  /* Menu of small screens, and the menus that open downwards */
  const side = document.getElementById("side");
  for (const button of all("[data-menu-toggle]")) {
    button.addEventListener("click", () => {
      const open = side.classList.toggle("open");
      button.setAttribute("aria-expanded", String(open));
      if (open) side.querySelector("a")?.focus();
    });
  }
})();
