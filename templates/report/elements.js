// The page's data, and how elements are made: text only ever becomes text nodes, so no target can be markup.

const data = JSON.parse(document.getElementById("report-data").textContent);
const find = (selector, root = document) => root.querySelector(selector);
const findAll = (selector, root = document) => [...root.querySelectorAll(selector)];
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name.startsWith("aria-")) node.setAttribute(name, value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return node;
}

const make = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);
const makeSvg = (tag, attributes = {}, ...children) =>
  fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

const spaced = (word) => word.replaceAll("_", " ");
const nameOf = (field, code) => (field === "kind" ? spaced(names.kind[code]) : names[field][code]) || "none";
const breakable = (path) => path.split(/(?<=\/)/).flatMap((piece) => [piece, make("wbr")]);
const amount = (number) =>
  number === null || number === undefined ? "–" : number.toLocaleString("en", { maximumFractionDigits: 2 });
const plural = (number, noun) => `${amount(number)} ${noun}${number === 1 ? "" : "s"}`;

// A picture of the page as a data: address; its kind is told by the first bytes.
function pictureAddress(id) {
  const text = document.getElementById(id).textContent;
  const kind = text.startsWith("/9j/") ? "jpeg" : text.startsWith("UklG") ? "webp" : "png";
  return `data:image/${kind};base64,${text}`;
}

// Calls build(element) once, when the element first comes near the window.
function whenNear(elements, build) {
  const observer = new IntersectionObserver((entries) => {
    for (const entry of entries.filter((entry) => entry.isIntersecting)) {
      observer.unobserve(entry.target);
      build(entry.target);
    }
  }, { rootMargin: "1200px 0px" });
  elements.forEach((element) => observer.observe(element));
}

function copyButton(text, label) {
  const button = make("button", { type: "button", class: "copy", title: `Copy ${label}`, "aria-label": `Copy ${label}` }, "copy");
  button.addEventListener("click", async (event) => {
    event.stopPropagation();
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "copied";
    } catch {
      // A page may be refused the clipboard; then the text is selected, ready for the keyboard.
      getSelection().selectAllChildren(button.previousElementSibling);
      button.textContent = "selected";
    }
    await wait(1200);
    button.textContent = "copy";
  });
  return button;
}
