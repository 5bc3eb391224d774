// Offers people by what is typed of their name or address. Without script the address is typed in full.
const WAIT = 200 // milliseconds

class PersonField extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("input")
    this.list = this.querySelector("datalist")
    this.field.addEventListener("input", this)
  }

  handleEvent() {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.offer(this.field.value.trim()), WAIT)
  }

  async offer(words) {
    if (words.length < 2) return this.list.replaceChildren()
    const answer = await fetch(`${this.dataset.url}&term=${encodeURIComponent(words)}`)
    if (!answer.ok || words !== this.field.value.trim()) return
    const { results } = await answer.json()
    this.list.replaceChildren(...results.map(({ text }) => new Option(text, text)))
  }
}

customElements.define("person-field", PersonField)
