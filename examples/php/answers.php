<?php

// Reads questions, a line each, and writes their answers.
//
//   php answers.php LIBRARY < questions

declare(strict_types=1);

require __DIR__ . '/Guiche.php';

$engines = [];
while (($line = fgets(STDIN)) !== false) {
    [$known_at, $method, $request] = explode("\t", rtrim($line, "\n"), 3);
    $engines[$known_at] ??= new Guiche($argv[1], known_at: $known_at);
    try {
        echo $engines[$known_at]->call($method, $request), "\n";
    } catch (GuicheException $error) {
        echo $error->getMessage(), "\n";
    }
}
