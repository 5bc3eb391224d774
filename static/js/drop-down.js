// Wraps a <details> menu: Escape and a click elsewhere close it. Without scripts it is still a working <details>.
class DropDown extends HTMLElement {
  connectedCallback() {
    this.addEventListener("keydown", this)
    document.addEventListener("click", this)
  }

  disconnectedCallback() {
    document.removeEventListener("click", this)
  }

  handleEvent(event) {
    const details = this.querySelector("details")
    if (!details.open) return
    if (event.type === "keydown" && event.key === "Escape") {
      details.open = false
      details.querySelector("summary").focus()
    }
    if (event.type === "click" && !this.contains(event.target)) details.open = false
  }
}

customElements.define("drop-down", DropDown)
