export default {
  result: {
    heading: '交出你的成果',
    text: '一個小檔案，記下這一課、達成了哪些目標、各在第幾步達成，還有種子與設定。檔案在這個分頁裡產生，你交出去之前哪裡都不會去。',
    name: '姓名（老師要求才填）',
    save_json: '存成 JSON',
    save_csv: '存成 CSV',
    saved: '已存成 {name}。',
  },
}
