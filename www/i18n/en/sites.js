// On the examples page: the tools with which courses are written.
export default {
  sites: {
    heading: 'MkDocs, Sphinx, VitePress, React, Vue',
    text: 'The tools that courses are written with take an element as they are. Say once where the script is:',
    page: 'Then the element stands in any page of such a site. With theme="page" it follows the site’s own switch between light and dark.',
    frameworks: 'In React and Vue the element is written into a component. The script goes into the head of index.html, before the project’s own; from npm, an import takes its place, and brings types.',
    more: 'Slides with reveal.js, the npm package, types and rendering on a server are described in docs/course-sites.md of the source.',
  },
}
