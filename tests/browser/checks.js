// What every page must hold to, asked of the page itself. Each check returns a list of
// complaints, empty when there is nothing to mend. Evaluated as one expression: an object.
(() => {
  const describe = (element) => {
    const text = (element.getAttribute("aria-label") || element.textContent || "").trim();
    const name = element.getAttribute("name") || element.id || element.className?.baseVal || element.className;
    return `<${element.localName}${name ? " " + name : ""}> ${text.slice(0, 40)}`.trim();
  };

  const shown = (element) => element.checkVisibility({ visibilityProperty: true });

  // Hidden from eyes, yet meant for screen readers: clipped to a pixel.
  const clipped = (element) => {
    const box = element.getBoundingClientRect();
    return box.width <= 1 || box.height <= 1 || element.closest(".visually-hidden") !== null;
  };

  const named = (element) => {
    const ids = (element.getAttribute("aria-labelledby") || "").split(/\s+/).filter(Boolean);
    const pointed = ids.map((id) => document.getElementById(id)?.textContent ?? "").join(" ");
    const pictured = [...element.querySelectorAll("svg[aria-label], img[alt]")]
      .map((picture) => picture.getAttribute("aria-label") || picture.getAttribute("alt"))
      .join(" ");
    const own = element.getAttribute("aria-label") || pointed || element.textContent || pictured;
    return (own || element.getAttribute("title") || "").trim() !== "";
  };

  // sRGB relative luminance and contrast, WCAG 2.2 1.4.3.
  const channels = (colour) => (colour.match(/[\d.]+/g) || []).map(Number);
  const luminance = ([red, green, blue]) =>
    [red, green, blue]
      .map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
      .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
  const blend = (above, below) => {
    const opacity = above[3] ?? 1;
    return [0, 1, 2].map((index) => above[index] * opacity + below[index] * (1 - opacity));
  };
  // A background picture or a colour space that is not sRGB cannot be judged by arithmetic: null.
  const background = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.backgroundImage !== "none") return null;
      if (!style.backgroundColor.startsWith("rgb")) return null;
      const layer = channels(style.backgroundColor);
      layers.push(layer);
      if ((layer[3] ?? 1) === 1) break;
    }
    return layers.reverse().reduce((below, above) => blend(above, below), [255, 255, 255]);
  };
  const contrast = (one, other) => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };

  return {
    language(expected) {
      const said = document.documentElement.lang;
      return said === expected ? [] : [`lang is "${said}", not "${expected}"`];
    },

    headings() {
      const count = document.querySelectorAll("h1").length;
      const complaints = count === 1 ? [] : [`${count} h1`];
      let last = 0;
      for (const heading of document.querySelectorAll("main :is(h1, h2, h3, h4, h5, h6)")) {
        if (!shown(heading)) continue;
        const level = Number(heading.localName[1]);
        if (level > last + 1) complaints.push(`h${level} after h${last}: ${describe(heading)}`);
        last = level;
      }
      return complaints;
    },

    title() {
      return document.title.trim() ? [] : ["no title"];
    },

    landmarks() {
      return ["header", "main", "footer", "nav"]
        .filter((name) => !document.querySelector(name))
        .map((name) => `no <${name}>`);
    },

    overflow() {
      const wide = document.documentElement.clientWidth;
      if (document.documentElement.scrollWidth <= wide) return [];
      const culprits = [...document.body.querySelectorAll("*")]
        .filter((element) => shown(element) && element.getBoundingClientRect().right > wide + 1)
        .slice(0, 3)
        .map(describe);
      return [`wider than ${wide}: ${culprits.join(", ")}`];
    },

    labels() {
      return [...document.querySelectorAll("input, select, textarea")]
        .filter((control) => !["hidden", "submit", "button"].includes(control.type))
        .filter((control) => !control.hidden)
        .filter((control) => ![...control.labels].some(named) && !control.getAttribute("aria-label"))
        .map((control) => `no label: ${describe(control)}`);
    },

    names() {
      return [...document.querySelectorAll("a[href], button, summary")]
        .filter((element) => shown(element) && !named(element))
        .map((element) => `no name: ${describe(element)}`);
    },

    pictures() {
      const bare = [...document.querySelectorAll("svg")].filter(
        (picture) =>
          !picture.closest("[aria-hidden=true]") &&
          !picture.getAttribute("aria-label") &&
          !picture.getAttribute("aria-labelledby") &&
          !picture.querySelector(":scope > title"),
      );
      const silent = [...document.querySelectorAll("img:not([alt])")];
      return [...bare, ...silent].map((picture) => `no name, not hidden: ${describe(picture)}`);
    },

    identifiers() {
      const seen = new Set();
      const complaints = [];
      for (const { id } of document.querySelectorAll("[id]")) {
        if (seen.has(id)) complaints.push(`twice: #${id}`);
        seen.add(id);
      }
      for (const attribute of ["aria-labelledby", "aria-describedby", "for"]) {
        for (const element of document.querySelectorAll(`[${attribute}]`)) {
          for (const id of element.getAttribute(attribute).split(/\s+/).filter(Boolean)) {
            if (!seen.has(id)) complaints.push(`${attribute} leads nowhere: #${id}`);
          }
        }
      }
      for (const link of document.querySelectorAll("a[href^='#']")) {
        const id = decodeURIComponent(link.getAttribute("href").slice(1));
        if (id && !seen.has(id)) complaints.push(`link leads nowhere: #${id}`);
      }
      return complaints;
    },

    tables() {
      return [...document.querySelectorAll("table")]
        .filter((table) => !table.caption || !table.querySelector("th[scope]"))
        .map((table) => `no caption or no headings: ${describe(table)}`);
    },

    // WCAG 2.2 1.4.3: 4.5 to 1, or 3 to 1 for large text.
    contrast() {
      const complaints = new Set();
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const element = node.parentElement;
        if (!node.textContent.trim() || !shown(element) || clipped(element)) continue;
        if (element.closest("[aria-hidden=true], :disabled")) continue;
        const style = getComputedStyle(element);
        const below = background(element);
        if (below === null || !style.color.startsWith("rgb")) continue;
        const size = parseFloat(style.fontSize);
        const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
        const ratio = contrast(blend(channels(style.color), below), below);
        if (ratio < (large ? 3 : 4.5)) {
          complaints.add(`${ratio.toFixed(2)} to 1: ${describe(element)}`);
        }
      }
      return [...complaints];
    },

    // WCAG 2.2 2.5.8: 24 by 24 CSS pixels, but for links within a sentence or list of words.
    targets() {
      return [...document.querySelectorAll("button, summary, select, input:not([type=hidden])")]
        .filter((element) => shown(element) && !clipped(element))
        .filter((element) => {
          const boxes = [element, ...(element.labels ?? [])].map((one) => one.getBoundingClientRect());
          return !boxes.some((box) => box.width >= 24 && box.height >= 24);
        })
        .map((element) => `too small to touch: ${describe(element)}`);
    },
  };
})()
