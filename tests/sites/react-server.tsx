import { renderToString } from 'react-dom/server'
import Told from './Told.tsx'

export const render = () => renderToString(<Told />)
