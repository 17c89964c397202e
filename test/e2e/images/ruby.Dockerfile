# Stands in for ruby:3.1-bookworm: Debian's Ruby with the folder for gems of the real image, and a source of gems that are
# made of Debian's packages. Those with C code come compiled.
FROM buildpack-deps:bookworm AS gems
RUN apt-get update && apt-get install -y --no-install-recommends ruby ruby-pg ruby-rack ruby-rack-test ruby-webrick
COPY <<'SCRIPT' /tmp/gems.rb
require "rubygems/package"
require "fileutils"
%w[pg rack rack-test webrick].each do |name|
  spec = Gem::Specification.load(Dir["/usr/share/rubygems-integration/**/#{name}-[0-9]*.gemspec"].first)
  folder = "/tmp/gems/#{name}"
  `dpkg -L ruby-#{name}`.lines(chomp: true).select { |file| File.file?(file) }.each do |file|
    library = file[%r{/vendor_ruby/(?:3\.1\.0/)?(.+)}, 1]
    program = file[%r{^/usr/bin/(.+)}, 1]
    to = file[%r{/gems/[^/]+/(.+)}, 1] || (library && "lib/#{library}") || (program && "bin/#{program}") || next
    FileUtils.mkdir_p(File.dirname("#{folder}/#{to}"))
    FileUtils.cp(file, "#{folder}/#{to}")
  end
  Dir.chdir(folder) do
    spec.files = Dir["{lib,bin}/**/*"].select { |file| File.file?(file) }
    spec.require_paths, spec.extensions, spec.bindir = ["lib"], [], "bin"
    spec.executables = Dir["bin/*"].map { |file| File.basename(file) }
    FileUtils.mkdir_p("/usr/share/gems/gems")
    FileUtils.mv(Gem::Package.build(spec, true), "/usr/share/gems/gems/")
  end
end
SCRIPT
RUN ruby /tmp/gems.rb && gem generate_index --directory /usr/share/gems

FROM buildpack-deps:bookworm
ENV LANG=C.UTF-8 GEM_HOME=/usr/local/bundle BUNDLE_APP_CONFIG=/usr/local/bundle BUNDLE_SILENCE_ROOT_WARNING=1
ENV PATH=$GEM_HOME/bin:$PATH BUNDLE_MIRROR__ALL=file:///usr/share/gems
RUN apt-get update && apt-get install -y --no-install-recommends ruby-dev bundler && rm -rf /var/lib/apt/lists/*
COPY --from=gems /usr/share/gems /usr/share/gems
CMD ["irb"]
