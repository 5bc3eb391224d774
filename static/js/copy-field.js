// A field to copy from, with the button that does it. Without script there is the field alone.
const SAID_FOR = 2_000 // milliseconds

class CopyField extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("input")
    this.button = this.querySelector("button")
    this.button.addEventListener("click", this)
  }

  async handleEvent() {
    this.field.select()
    try {
      await navigator.clipboard.writeText(this.field.value)
    } catch {
      return // not allowed here: it is selected, so that the keyboard or the menu copies it
    }
    const label = this.button.querySelector("span")
    this.words ??= label.textContent
    label.textContent = this.button.dataset.done
    clearTimeout(this.timer)
    this.timer = setTimeout(() => (label.textContent = this.words), SAID_FOR)
  }
}

customElements.define("copy-field", CopyField)
