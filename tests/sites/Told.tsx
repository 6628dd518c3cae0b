import { useEffect, useRef, useState } from 'react'
import 'gan-atelier/react'

/** As docs/course-sites.md has it: React 19 forgets the listeners of a page that a server has drawn. */
export default function Told() {
  const trainer = useRef<HTMLElementTagNameMap['gan-trainer']>(null)
  const [step, setStep] = useState(0)
  useEffect(() => {
    trainer.current?.addEventListener('atelier-report', ({ detail }) => setStep(detail.step))
  }, [])
  return (
    <main>
      <gan-trainer ref={trainer} dataset="moons" seed={7} autoplay />
      <p>{step} steps so far</p>
    </main>
  )
}
