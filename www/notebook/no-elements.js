/** A notebook's widget defines no elements for the page around it. Stands in for www/embed/define.js in the notebooks' build. */
export const defineElements = () => {}
