"use strict";

// A box that stands for all boxes of its form; without this script each is ticked by itself.
document.addEventListener("change", (event) => {
  const all = event.target;
  if (!(all instanceof HTMLInputElement) || !all.matches("[data-all]")) return;
  const form = all.form ?? document;
  for (const box of form.querySelectorAll('input[type="checkbox"]')) {
    if (box !== all && !box.disabled && (!all.dataset.all || box.name === all.dataset.all)) box.checked = all.checked;
  }
});
