"""The crawl: spiders that say what public documents state, and the machinery that fetches them politely."""
