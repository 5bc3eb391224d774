// Around the lines of a review: folds those that are answered when another one is, and what is under the finger stays.
// Where something else is to be suggested, it has the fields for it fetched.
class ReviewLines extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", this)
  }

  handleEvent({ target }) {
    if (!target.matches("[type=radio]")) return
    const line = target.closest("[data-line]")
    const top = line.getBoundingClientRect().top
    for (const fold of this.querySelectorAll(".line-fold[open]")) {
      if (!line.contains(fold) && fold.querySelector("[data-answer] :checked")) fold.open = false
    }
    if (target.value === "counter") line.querySelector("[data-for=counter] > button")?.click() // fetches the fields
    window.scrollBy({ top: line.getBoundingClientRect().top - top, behavior: "instant" })
  }
}

customElements.define("review-lines", ReviewLines)
