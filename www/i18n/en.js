// English texts of the page. Same keys as zh-Hant.js (tests/e2e/page.spec.js compares them).
// {name} is filled in by translate.js; config keys are those of the Rust schema.
import page from './en/page.js'
import train from './en/train.js'
import data from './en/data.js'
import waves from './en/waves.js'
import stylize from './en/stylize.js'
import live from './en/live.js'
import cycle from './en/cycle.js'
import faces from './en/faces.js'
import learn from './en/learn.js'
import lesson from './en/lesson.js'
import error from './en/error.js'
import poster from './en/poster.js'
import embed from './en/embed.js'
import storage from './en/storage.js'
import keep from './en/keep.js'
import way from './en/way.js'
import score from './en/score.js'
import share from './en/share.js'
import examples from './en/examples.js'
import take from './en/take.js'
import sites from './en/sites.js'
import result from './en/result.js'
import scorm from './en/scorm.js'

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
