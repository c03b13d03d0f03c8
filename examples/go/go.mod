module guiche

go 1.19
