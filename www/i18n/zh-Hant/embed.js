export default {
  embed: {
    label_trainer: '進行中的訓練',
    label_stylizer: '照片畫家',
    label_rotator: '讓臉轉個方向',
    square: '調整方框',
    open: '在 GAN 畫室裡打開',
    painter: '畫家',
    direction: '方向',
    way: '{from} → {to}',
    save: '儲存圖片',
    other: '換一張照片',
    painting: '正在作畫……',
    bad_attribute: '這個元素得到的設定有一部分無法使用：{list}。',
  },
}
