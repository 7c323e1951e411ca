// All an application has to do; the build bundles this file.
import 'polyai-callback/define';
