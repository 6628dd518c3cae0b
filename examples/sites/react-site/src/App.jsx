import { useState } from 'react'

export default function App() {
  const [step, setStep] = useState(0)
  return (
    <main>
      <h1>Week 9: the contest</h1>
      <gan-trainer dataset="moons" seed={7} autoplay onatelier-report={({ detail }) => setStep(detail.step)} />
      <p>{step} steps so far</p>
    </main>
  )
}
