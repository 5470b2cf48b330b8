// Small comforts on top of pages that work without any script.
"use strict";

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.site-menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// Buttons that only a script can serve are hidden in the page and shown here.
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copy);
    await navigator.clipboard.writeText(source.textContent.trim());
    button.textContent = button.dataset.copied;
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// After a refused form the list of errors is read first.
const summary = document.getElementById("error-summary");
if (summary) summary.focus();

// While somebody types, entries are suggested in the browser's own list.
for (const box of document.querySelectorAll("[data-suggest]")) {
  const list = document.createElement("datalist");
  list.id = `${box.id}-suggestions`;
  box.after(list);
  box.setAttribute("list", list.id);
  let waiting;
  box.addEventListener("input", (event) => {
    clearTimeout(waiting);
    // Choosing from the list is an input too, and needs no new list.
    if (!event.inputType || box.value.trim().length < 2) return;
    waiting = setTimeout(async () => {
      const address = `${box.dataset.suggest}?q=${encodeURIComponent(box.value)}`;
      const answer = await fetch(address, { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      const { items } = await answer.json();
      list.replaceChildren(
        ...items.map((item) => {
          const option = document.createElement("option");
          option.value = item.designation;
          option.label = `${item.designation} – ${item.title}`;
          return option;
        }),
      );
    }, 200);
  });
}
