// 讓訓練好的生成器離開分頁，給別的軟體使用。
export default {
  take: {
    heading: '把生成器帶回家',
    about: '生成器（取訓練最後幾步的平均），可以用在自己的程式裡。檔案就在這個分頁裡產生。',
    onnx: '存成 ONNX',
    safetensors: '存給 PyTorch 用',
    about_onnx: 'ONNX 檔裡有網路也有權重：onnxruntime 等執行環境可以在 Python、JavaScript、C++ 裡打開它。',
    about_safetensors: 'safetensors 檔裡是權重，名稱與 PyTorch 相同；網路本身就是下面這幾行。',
    lines: '打開這個檔案的 Python 程式',
    other_form: '這組權重的網路形式無法存成檔案：目前只支援論文發表的形式，以及在畫室訓練的網路。',
    saved: '已存成 {name}。',
  },
}
