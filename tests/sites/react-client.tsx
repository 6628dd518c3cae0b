import { hydrateRoot } from 'react-dom/client'
import Told from './Told.tsx'

hydrateRoot(document.getElementById('root')!, <Told />, { onRecoverableError: error => { throw error } })
