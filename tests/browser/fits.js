// Text that is cut off, out of its box or on other text, and a page wider than the window.
// A word of usual length broken across lines is told too, unless `mayBreak`.
(mayBreak) => {
  const found = [];
  const say = (text, what) => found.push(`“${text.trim().replace(/\s+/g, " ").slice(0, 40)}” ${what}`);
  const name = (element) => `${element.tagName.toLowerCase()}.${element.className}`;
  const isHidden = (element) => element && (getComputedStyle(element).clipPath === "inset(50%)" || isHidden(element.parentElement));
  const isDrawn = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true })
    && !element.closest("svg, .skip") && !isHidden(element);
  const boxesOf = (range) => [...range.getClientRects()].filter((box) => box.width > 1 && box.height > 1);

  const wide = document.documentElement.scrollWidth - innerWidth;
  if (wide > 0) found.push(`the page is ${wide} px wider than the window`);

  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!node.data.trim() || !isDrawn(node.parentElement)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const boxes = boxesOf(range);
    if (boxes.length) texts.push({ node, boxes, isFree: true });
    if (mayBreak) continue;
    for (const word of node.data.matchAll(/(?<![\p{L}@/.:_-])\p{Script=Latin}{2,12}(?![\p{L}@/_-])/gu)) {
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      const parts = boxesOf(range);
      if (parts.length && parts.at(-1).top > parts[0].top + 2) say(word[0], "is broken");
    }
  }

  for (const text of texts) {
    for (let box = text.node.parentElement; box !== document.body; box = box.parentElement) {
      const style = getComputedStyle(box);
      if (/fixed|sticky/.test(style.position)) text.isFree = false; // lies over what scrolls
      if (style.display === "inline" || style.display === "contents") continue;
      if (/auto|scroll/.test(style.overflowX + style.overflowY)) { text.isFree = false; break; }
      const frame = box.getBoundingClientRect();
      const out = Math.max(...text.boxes.map((part) => Math.max(frame.left - part.left, part.right - frame.right)));
      if (out > 1) say(text.node.data, `is ${Math.round(out)} px out of ${name(box)}`);
      const isCut = box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1;
      if (!/hidden|clip/.test(style.overflow) || !isCut) continue;
      say(text.node.data, `is cut off in ${name(box)}`);
      text.isFree = false; // what is cut off lies on nothing
    }
  }

  const free = texts.filter((text) => text.isFree);
  free.forEach((one, index) => free.slice(index + 1).forEach((other) => {
    const lie = one.boxes.some((a) => other.boxes.some((b) => {
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      return across > 2 && down > Math.min(a.height, b.height) / 3;
    }));
    if (lie) say(one.node.data, `lies on “${other.node.data.trim().slice(0, 40)}”`);
  }));
  return [...new Set(found)];
}
