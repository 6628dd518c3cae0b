// 頁面的正體中文。鍵與 en.js 完全相同（tests/e2e/page.spec.js 會比對）。
// {name} 由 translate.js 填入；config 的鍵即 Rust schema 的鍵。
import page from './zh-Hant/page.js'
import train from './zh-Hant/train.js'
import data from './zh-Hant/data.js'
import waves from './zh-Hant/waves.js'
import stylize from './zh-Hant/stylize.js'
import live from './zh-Hant/live.js'
import cycle from './zh-Hant/cycle.js'
import faces from './zh-Hant/faces.js'
import learn from './zh-Hant/learn.js'
import lesson from './zh-Hant/lesson.js'
import error from './zh-Hant/error.js'
import poster from './zh-Hant/poster.js'
import embed from './zh-Hant/embed.js'
import storage from './zh-Hant/storage.js'
import keep from './zh-Hant/keep.js'
import way from './zh-Hant/way.js'
import score from './zh-Hant/score.js'
import share from './zh-Hant/share.js'
import examples from './zh-Hant/examples.js'
import take from './zh-Hant/take.js'
import sites from './zh-Hant/sites.js'
import result from './zh-Hant/result.js'
import scorm from './zh-Hant/scorm.js'

export default {
  ...page,
  ...train,
  ...data,
  ...waves,
  ...stylize,
  ...live,
  ...cycle,
  ...faces,
  ...learn,
  ...lesson,
  ...error,
  ...poster,
  ...embed,
  ...storage,
  ...keep,
  ...way,
  ...score,
  ...share,
  ...examples,
  ...take,
  ...sites,
  ...result,
  ...scorm,
}
