// 內嵌元素在任何東西下載之前所說的話；每個內嵌它的網頁都會載入，所以要短。
export default {
  poster: {
    trainer: '兩個網路在這一頁較量：一個仿作，一個鑑定。',
    trainer_start: '開始較量',
    trainer_load: '約下載 1 MB，只需一次。',
    lesson: '一堂課，兩個活生生的網路，一個等你達成的目標。',
    lesson_start: '打開這一課',
    lesson_load: '約下載 1 MB，只需一次。',
    stylizer: '一個研習過名畫的網路，把你的照片重畫一遍。',
    stylizer_start: '架好畫架',
    stylizer_load: '約下載 5 至 10 MB，只需一次。',
    rotator: '把照片裡的臉，從任何角度畫出來的網路。',
    rotator_start: '擺好鏡子',
    rotator_load: '只下載一次，大約 8 MB。',
    private: '全在你自己的裝置上計算，什麼都不會上傳。',
    waiting: '請稍候……',
    failed: '無法打開：{message}',
    again: '再試一次',
    unread: '給設定這裡的人：{list}在這裡無法使用，已略過。',
  },
}
