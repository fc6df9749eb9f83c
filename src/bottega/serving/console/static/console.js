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

// Buttons that copy what a field holds; without this script the field is marked and copied by hand.
for (const button of document.querySelectorAll("button[data-copy]")) {
  if (!navigator.clipboard) break;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
    const words = button.textContent;
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = words; }, 2000);
  });
}
