export default {
  learn: {
    heading: 'What is a GAN?',
    lead: 'A generative adversarial network is a contest between a forger and an appraiser. Neither is any good at first. What makes the idea work is that each one’s mistakes are the other one’s lessons.',
    roles_heading: 'Two roles',
    roles: 'The forger, which engineers call the generator, is handed nothing but random numbers and must turn them into a picture. It never sees an original. The appraiser, the discriminator, is shown one picture at a time and answers with a single number: near 1 for “this is real”, near 0 for “this was made”.',
    d_heading: 'The appraiser’s turn',
    d_text: 'Take a handful of originals and give each the label 1. Let the forger make a handful of pictures and give each the label 0. The appraiser guesses, compares its guesses with the labels and shifts its weights a little, so that next time the guesses come out closer. The forger just waits.',
    g_heading: 'The forger’s turn',
    g_text: 'Now chain the two together: random numbers in, picture in the middle, score out, one long network. This time we hope for the score 1, even though the picture is made. The error runs back through the appraiser all the way into the forger, but only the forger’s weights may change; the appraiser’s are frozen. Otherwise it would simply learn to praise everything.',
    balance_heading: 'Why a contest works, and when it does not',
    balance: 'If both improve at the same pace, the made pictures end up so close to the real ones that the appraiser can only toss a coin. But the balance is delicate. An appraiser that is too strong leaves the forger without a useful hint; a lazy forger finds one picture that always passes and repeats it for ever, which is called mode collapse. In the training room you can provoke both, and cure them.',
    uses_heading: 'And what is it good for?',
    uses: 'The same contest can be held between two kinds of pictures. A CycleGAN has two forgers: one turns photos into paintings, the other turns paintings back into photos. Because the way there and back must return the original, it learns without ever seeing a matching pair.',
  },
}
