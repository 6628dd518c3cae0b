// All four elements, and what TypeScript has to refuse: a line that it accepts is an error of its own here.
import type {} from 'gan-atelier/react'

export const right = <>
  <gan-trainer family="dcgan" dataset="digits" seed="7" steps={200} settings="loss=hinge" hide="losses link" lang="zh-Hant" theme="page" autoplay={false} className="wide" style={{ zoom: 2 }} />
  <gan-lesson name="ten-layers" locked hide={['text', 'goals']} onatelier-report={({ detail }) => console.log('goal' in detail ? detail.goal : detail.loss_d[0])} />
  <photo-stylizer model="monet" side={256} onatelier-report={event => console.log(event.detail.width)} onatelier-error={({ detail: { code } }) => console.log(code)} />
  <face-rotator ref={element => { element?.start() }} onatelier-report={({ detail: { yaw } }) => console.log(yaw)} />
</>

export const wrong = <>
  {/* @ts-expect-error an attribute that there is not */}
  <gan-trainer datset="ring" />
  {/* @ts-expect-error another element's */}
  <gan-trainer model="monet" />
  {/* @ts-expect-error a dataset that there is not */}
  <gan-trainer dataset="rings" />
  {/* @ts-expect-error no number */}
  <gan-trainer seed="seven" />
  {/* @ts-expect-error a part of another element */}
  <gan-trainer hide="losses text" />
  {/* @ts-expect-error a theme that there is not */}
  <gan-lesson theme="blue" />
  {/* @ts-expect-error a lesson that there is not */}
  <gan-lesson name="alchemy" />
  {/* @ts-expect-error a painter that there is not */}
  <photo-stylizer model="rembrandt" />
  {/* @ts-expect-error a language that there is not */}
  <face-rotator lang="de" />
  {/* @ts-expect-error a report of a painting has no losses */}
  <photo-stylizer onatelier-report={({ detail }) => console.log(detail.loss_d)} />
</>

document.querySelector('gan-trainer')?.addEventListener('atelier-report', ({ detail }) => console.log(detail.step))
// @ts-expect-error a report has no such figure
document.querySelector('gan-trainer')?.addEventListener('atelier-report', ({ detail }) => console.log(detail.stage))
