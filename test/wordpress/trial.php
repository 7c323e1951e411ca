<?php
// Runs inside WordPress: installs it, creates an administrator and an editor without `unfiltered_html`, saves every snippet as
// each of them the way the block editor does (its REST API), in a block and a classic theme, and prints what was stored.
// run.ts starts the database and the web server, and opens the pages in a browser.

[, $root, $site, $input] = $argv;
$_SERVER['HTTP_HOST'] = parse_url($site, PHP_URL_HOST) . ':' . parse_url($site, PHP_URL_PORT);
$_SERVER['REQUEST_URI'] = '/';
define('WP_INSTALLING', true);
require "$root/wp-load.php";
require_once "$root/wp-admin/includes/upgrade.php";
wp_install('Trial', 'administrator', 'admin@example.com', false, '', 'trial-password');
update_option('siteurl', $site);
update_option('home', $site);
update_option('permalink_structure', '');
$admin = get_user_by('login', 'administrator')->ID;
$editor = wp_insert_user(['user_login' => 'editor', 'user_pass' => 'trial-password', 'role' => 'editor', 'user_email' => 'editor@example.com']);
// As on every multisite: only super administrators keep it there.
get_role('editor')->remove_cap('unfiltered_html');

function request(string $method, string $path, array $body) {
    $request = new WP_REST_Request($method, $path);
    $request->set_body_params($body);
    $response = rest_do_request($request);
    if ($response->is_error()) throw new Exception($path . ': ' . wp_json_encode($response->get_data()));
    return $response->get_data();
}

$given = json_decode(file_get_contents($input), true);
$results = ['version' => get_bloginfo('version'), 'pages' => []];
foreach (['administrator' => $admin, 'editor' => $editor] as $role => $user) {
    wp_set_current_user($user);
    kses_init();
    foreach ($given['snippets'] as $name => $snippet) {
        foreach (['block' => "<!-- wp:html -->\n$snippet\n<!-- /wp:html -->", 'classic' => $snippet] as $kind => $content) {
            $page = request('POST', '/wp/v2/pages', ['title' => "$role $name $kind", 'content' => $content, 'status' => 'publish']);
            $results['pages'][] = [
                'role' => $role,
                'snippet' => $name,
                'editor' => $kind,
                'id' => $page['id'],
                'stored' => get_post($page['id'])->post_content,
            ];
        }
    }
}
// What an administrator does once for the whole site: the script in the footer of the block theme, and in a widget of the classic one.
wp_set_current_user($admin);
kses_init();
switch_theme('twentytwentytwo');
$footer = get_block_template('twentytwentytwo//footer', 'wp_template_part');
request('POST', '/wp/v2/template-parts/twentytwentytwo//footer', [
    'content' => $footer->content . "\n<!-- wp:html -->\n" . $given['script'] . "\n<!-- /wp:html -->",
]);
// WP_Widget_Block keeps what a user with `unfiltered_html` writes as it is.
update_option('widget_block', [2 => ['content' => "<!-- wp:html -->\n" . $given['script'] . "\n<!-- /wp:html -->"], '_multiwidget' => 1]);
update_option('sidebars_widgets', ['wp_inactive_widgets' => [], 'sidebar-1' => ['block-2'], 'array_version' => 3]);
echo "\n", wp_json_encode($results, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE), "\n";
