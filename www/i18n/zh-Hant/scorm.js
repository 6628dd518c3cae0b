// 課程平台裡，課文上方的一行字。
export default {
  scorm: {
    none: '這裡沒有課程平台回應，所以什麼都不會記錄；課程照樣可以做。',
    ready: '課程平台已連上，達成的目標會記錄在那裡。',
    recorded: '課程平台已記錄：{count} 個目標中達成 {reached} 個。',
    looking: '這次只是瀏覽，不會記錄。',
    refused: '課程平台有些內容沒有收下：{list}。課程照樣可以做。',
  },
}
