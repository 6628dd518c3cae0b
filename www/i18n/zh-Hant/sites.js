// 範例頁：寫課程用的各種工具。
export default {
  sites: {
    heading: 'MkDocs、Sphinx、VitePress、React、Vue',
    text: '寫課程的工具直接就能放元素，只要在一個地方寫明指令碼在哪裡：',
    page: '接著，元素可以寫在這個網站的任何一頁。加上 theme="page"，它會跟著網站自己的亮暗開關。',
    frameworks: '在 React 與 Vue 裡，元素寫在元件中。指令碼放進 index.html 的 head，排在專案自己的前面；若用 npm 套件，就改成 import，還附有型別。',
    more: 'reveal.js 投影片、npm 套件、型別與伺服器端產生的網頁，說明在原始碼的 docs/course-sites.md。',
  },
}
