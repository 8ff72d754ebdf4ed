from cloudai.errors import QuotaExceededError, RateLimitedError, UnsupportedLanguageError

CODES = {"Slow": RateLimitedError, "Used": QuotaExceededError, "Tongue": UnsupportedLanguageError}
