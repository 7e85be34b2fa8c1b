/** A click on a figure shows it as large as the window; another one, or Escape, closes it. */
export const reportScript: string = `
const enlarged = document.getElementById("enlarged");
for (const button of document.querySelectorAll("figure button")) {
  button.addEventListener("click", () => {
    enlarged.replaceChildren(button.firstElementChild.cloneNode(true));
    enlarged.showModal();
  });
}
enlarged.addEventListener("click", () => enlarged.close());
`;
