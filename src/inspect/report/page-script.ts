/**
 * Shows the part of the page that the address names: the net, a layer ("#stage1"), or a unit ("#stage1/12"). Without it
 * all parts stand one below the other.
 */
export const pageScript: string = `
const main = document.querySelector("main");
main.classList.add("paged");
function show() {
  const wanted = decodeURIComponent(location.hash.slice(1));
  const target = wanted ? document.getElementById(wanted) : null;
  const section = (target && target.closest("section")) || main.querySelector("section");
  for (const each of main.querySelectorAll("section")) each.classList.toggle("open", each === section);
  for (const each of main.querySelectorAll(".unit")) each.classList.toggle("open", each === target);
  section.classList.toggle("one", !!target && target.classList.contains("unit"));
  for (const link of document.querySelectorAll("nav a")) {
    const current = link.getAttribute("href") === "#" + encodeURIComponent(section.id);
    if (current) link.setAttribute("aria-current", "page"); else link.removeAttribute("aria-current");
  }
  scrollTo(0, 0);
}
addEventListener("hashchange", show);
addEventListener("keydown", (event) => {
  const step = { ArrowRight: ".next", ArrowLeft: ".previous", Escape: ".up" }[event.key];
  const link = step && main.querySelector("section.open.one .unit.open " + step);
  if (link) location.hash = link.getAttribute("href");
});
addEventListener("load", () => scrollTo(0, 0));
show();
`;
