// The pages beside the lessons: a summary to print, a quiz, the glossary, the reading list.
import { html, nothing } from 'lit'
import '../elements/quiz-question.js'
import { language, t } from '../i18n/translate.js'
import glossary from '../lessons/glossary.json'
import questions from '../lessons/quiz.json'
import reading from '../lessons/reading.json'

/** @param {string} key */
const heading = key => html`<h2 tabindex="-1">${t(`${key}.heading`)}</h2>`

function summary() {
  const section = (/** @type {string} */ key) => html`<section><h3>${t(`summary.${key}_heading`)}</h3><p>${t(`summary.${key}`)}</p></section>`
  const rows = ['cnn', 'rnn', 'acgan', 'cyclegan', 'drgan']
  return html`<article class="summary">${heading('summary')}<p class="lead">${t('summary.lead')}</p>
    <div class="columns">${['d', 'g', 'ten', 'balance'].map(section)}</div>
    <p class="formula" lang="en"><i>min</i><sub>G</sub> <i>max</i><sub>D</sub> &nbsp;E<sub>x</sub>[log D(x)] + E<sub>z</sub>[log(1 − D(G(z)))]</p>
    <p class="small soft">${t('summary.formula')}</p>
    <table><caption>${t('summary.relatives')}</caption><tbody>${rows.map(key => html`<tr><th scope="row">${t(`summary.${key}_name`)}</th><td>${t(`summary.${key}`)}</td></tr>`)}</tbody></table>
    <p class="row screen"><button type="button" data-command="print" @click=${() => print()}>${t('summary.print')}</button></p></article>`
}

/** @param {import('./learn.js').LearnRoom} room */
function quiz(room) {
  const { quiz: answers } = room.progress
  const answered = questions.filter(({ id }) => answers[id] !== undefined)
  const right = answered.filter(question => answers[question.id] === question.right).length
  return html`<article class="quiz">${heading('quiz')}<p>${t('quiz.intro')}</p>
    ${questions.map((question, index) => html`<quiz-question data-question=${question.id} .number=${index + 1} .question=${question[language()].question} .choices=${question[language()].choices}
      .right=${question.right} .why=${question[language()].why} .chosen=${answers[question.id] ?? -1} @answer=${event => room.answer(question.id, event.detail.choice)}></quiz-question>`)}
    <p class="score" role="status">${answered.length ? t('quiz.score', { right, answered: answered.length, count: questions.length }) : nothing}</p>
    ${answered.length ? html`<p class="row screen"><button type="button" data-command="quiz-again" @click=${() => room.askAgain()}>${t('quiz.again')}</button></p>` : nothing}</article>`
}

function terms() {
  return html`<article class="glossary">${heading('glossary')}<p>${t('glossary.intro')}</p>
    <div class="wide"><table><thead><tr><th scope="col" lang="en">English</th><th scope="col" lang="zh-Hant">中文</th><th scope="col">${t('glossary.meaning')}</th></tr></thead>
    <tbody>${glossary.map(({ en, 'zh-Hant': zh, meaning }) => html`<tr><th scope="row" lang="en">${en}</th><td lang="zh-Hant">${zh}</td><td>${meaning[language()]}</td></tr>`)}</tbody></table></div></article>`
}

function readings() {
  const list = (/** @type {any[]} */ items) => html`<ul>${items.map(({ title, by, url, note }) => html`<li><span lang=${/[\u4e00-\u9fff]/.test(title) ? 'zh-Hant' : 'en'}>${url
    ? html`<a href=${url} target="_blank" rel="noopener">${title}</a>` : title}</span>${by ? html` <span class="soft">${by}</span>` : nothing}<br><span>${note[language()]}</span></li>`)}</ul>`
  return html`<article class="reading">${heading('reading')}<p>${t('reading.intro')}</p>
    <h3>${t('reading.papers')}</h3>${list(reading.papers)}<h3>${t('reading.articles')}</h3><p class="small soft">${t('reading.articles_note')}</p>${list(reading.articles)}</article>`
}

/** @type {Record<string, (room: import('./learn.js').LearnRoom) => unknown>} */
export const pageViews = { summary, quiz, glossary: terms, reading: readings }
