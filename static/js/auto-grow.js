// Wraps a textarea and lets it be as tall as its text.
class AutoGrow extends HTMLElement {
  connectedCallback() {
    this.addEventListener("input", this)
    this.closest("form")?.addEventListener("reset", this)
    this.grow()
  }

  handleEvent() {
    requestAnimationFrame(() => this.grow())
  }

  grow() {
    const area = this.querySelector("textarea")
    if (!area) return
    area.style.blockSize = "auto"
    if (area.scrollHeight > area.clientHeight) area.style.blockSize = `${area.scrollHeight + 2}px`
  }
}

customElements.define("auto-grow", AutoGrow)
